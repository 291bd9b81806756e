import { availableParallelism } from 'node:os';
import { runCommand } from '#platform/lifecycle/service.ts';
import { FAULTS } from './faults/faults.ts';
import { type Options, parseOptions } from './options.ts';
import type { Fault } from './parts.ts';
import { simulate } from './simulate.ts';
import { sweepInThreads } from './sweep-in-threads.ts';

/** Each fault must be found within so many seeds, however many the clean system is asked to survive. */
const FOUND_WITHIN = 1_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const replayOf = (seed: number, fault?: Fault) =>
  `npm run simulate -- --seed ${seed}${fault ? ` --fault ${fault.name}` : ''}`;

interface Context {
  readonly signal: AbortSignal;
  readonly threads: number;
}

async function replay(seed: number, { fault }: Options): Promise<void> {
  const { broken, events } = await simulate(seed, { fault, onLine: say });
  say(
    `\nSeed ${seed}${fault ? ` with ${fault.name}` : ''}: ${events} events committed, ${broken.length} things broken.`,
  );
  if (broken.length > 0 && !fault) throw new Error(broken[0]);
}

async function surviveAll({ from, seeds }: Options, ctx: Context): Promise<void> {
  const begun = performance.now();
  let done = 0;
  const onRuns = (runs: number) => {
    done += runs;
    if (done % Math.max(500, Math.ceil(seeds / 1_000) * 100) === 0) say(`  ${done} of ${seeds} seeds survived`);
  };
  say(`The clean system, seeds ${from} to ${from + seeds - 1} ...`);
  const { runs, events, broken } = await sweepInThreads({ from, to: from + seeds - 1 }, { ...ctx, onRuns });
  if (broken) throw new Error(`seed ${broken.seed} broke it: ${broken.broken[0]}\nReplay: ${replayOf(broken.seed)}`);
  say(`It survived ${runs} seeds, ${events} events, in ${((performance.now() - begun) / 1_000).toFixed(0)} s.\n`);
}

/** Answers the names of the faults that were not found. */
async function findAll(faults: readonly Fault[], { from }: Options, ctx: Context): Promise<string[]> {
  const missed: string[] = [];
  say(`${'fault'.padEnd(24)}${'seed'.padStart(10)}  what broke first`);
  for (const fault of faults) {
    const to = from + FOUND_WITHIN - 1;
    const { broken } = await sweepInThreads({ from, to }, { ...ctx, fault: fault.name, onRuns: () => {} });
    if (!broken) missed.push(fault.name);
    say(`${fault.name.padEnd(24)}${String(broken?.seed ?? 'not found').padStart(10)}  ${broken?.broken[0] ?? ''}`);
    say(`  it ${fault.does}${broken ? `; replay: ${replayOf(broken.seed, fault)}` : ''}`);
  }
  return missed;
}

await runCommand('simulate', async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.seed !== undefined) return replay(options.seed, options);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by Ctrl-C')));
  const ctx = { signal: stopping.signal, threads: availableParallelism() };
  if (!options.fault) await surviveAll(options, ctx);
  const missed = await findAll(options.fault ? [options.fault] : FAULTS, options, ctx);
  if (missed.length > 0) throw new Error(`not found within ${FOUND_WITHIN} seeds: ${missed.join(', ')}`);
});
