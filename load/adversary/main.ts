import { runCommand } from '#platform/lifecycle/service.ts';
import { attack, type Outcome } from './attack.ts';
import { catchMutant } from './catch-mutant.ts';
import { isClean } from './judge.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { type Options, parseOptions } from './options.ts';
import { HEAD, rowOf, sentencesOf, tableOf } from './report.ts';
import { type Stand, startStand } from './stand.ts';
import { LONG } from './storms.ts';

const say = (message: string) => void process.stdout.write(`${message}\n`);
/** Events between two lines about how far it is. */
const TELL_EVERY = 5_000;

/** Each seed on a database of its own; ends at the first that finds something. */
async function run(stand: Stand, { events, seeds, seed, target }: Options, signal: AbortSignal): Promise<void> {
  const rows: (string | number)[][] = [HEAD];
  const outcomes: Outcome[] = [];
  for (let at = seed; at < seed + seeds; at += 1) {
    const progress = (committed: number) => {
      if (committed % TELL_EVERY === 0) say(`seed ${at}: ${committed} events ...`);
    };
    const outcome = await attack(stand, {
      ...LONG,
      target,
      seed: at,
      events: Math.ceil(events / seeds),
      signal,
      progress,
    });
    outcomes.push(outcome);
    rows.push(rowOf(`seed ${at}`, outcome));
    say(`${tableOf([HEAD, rows.at(-1) ?? []]).join('\n')}\n`);
    if (!isClean(outcome.verdict)) {
      throw new Error(
        `seed ${at} found (again: npm run adversary -- --seed ${at} --events ${Math.ceil(events / seeds)}):\n` +
          [...sentencesOf(outcome.verdict), ...outcome.stalled].join('\n'),
      );
    }
  }
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  say(
    `${tableOf(rows).join('\n')}\n\n${sum((o) => o.events)} events, ${seeds} seeds, ${sum((o) => o.kills)} kills: clean`,
  );
}

/** Each mutant until it is caught. */
async function runMutants(stand: Stand, { seed }: Options, signal: AbortSignal): Promise<void> {
  const rows: (string | number)[][] = [HEAD];
  const free: string[] = [];
  for (const mutant of MUTANTS) {
    say(`${mutant.name} ...`);
    const { outcome, caught } = await catchMutant(stand, mutant, { seed, signal });
    rows.push(rowOf(mutant.name, outcome));
    say(`  ${caught ? `caught: ${outcome.verdict[mutant.charge][0]}` : 'not caught'}`);
    if (!caught) free.push(mutant.name);
  }
  say(`\n${tableOf(rows).join('\n')}`);
  if (free.length > 0) throw new Error(`not caught: ${free.join(', ')}`);
}

await runCommand('adversary', async () => {
  const options = parseOptions(process.argv.slice(2));
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stopping.abort(new Error(`stopped by ${name}`)));
  }
  await using stand = await startStand();
  await (options.mutants ? runMutants : run)(stand, options, stopping.signal);
});
