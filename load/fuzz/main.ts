import { runCommand } from '#platform/lifecycle/service.ts';
import { table } from '../../local/print-table.ts';
import { readDemo } from '../../local/read-demo.ts';
import { type AttackContext, attack, type Outcome } from './attack.ts';
import { findSchemathesis } from './find-schemathesis.ts';
import { parseOptions } from './options.ts';
import { takeBack } from './take-back.ts';
import { type Target, targetsOf } from './targets.ts';

const say = (message: string) => void process.stdout.write(`${message}\n`);
const TITLES = ['api', 'caller', 'phases', 'calls', 'accepted', 'failures'];

async function attackAll(ctx: AttackContext, targets: readonly Target[], seconds: number): Promise<Outcome[]> {
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  const outcomes: Outcome[] = [];
  for (const target of targets) {
    const share = (seconds * target.weight) / weights;
    say(`${target.api}, ${target.caller}, ${Math.round(share)} s ...`);
    outcomes.push(await attack(ctx, target, share));
  }
  return outcomes;
}

const rowOf = ({ target, phases, calls, accepted, faults }: Outcome) => [
  target.api,
  target.caller,
  phases.join(' '),
  String(calls),
  String(accepted),
  String(faults.length),
];

await runCommand('fuzz', async () => {
  const options = parseOptions(process.argv.slice(2));
  const program = await findSchemathesis();
  const demo = options.url === undefined ? await readDemo() : undefined;
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by Ctrl-C')));
  const ctx = { program, seed: options.seed, say, signal: stopping.signal };
  const outcomes = await attackAll(ctx, targetsOf(options, demo), options.seconds).finally(() => takeBack(demo));
  for (const { details } of outcomes) if (details !== '') say(details);
  say(`\n${table([TITLES, ...outcomes.map(rowOf)], ['api', 'caller', 'phases']).join('\n')}\n`);
  const faults = outcomes.flatMap((one) =>
    one.faults.map((fault) => `${one.target.api}, ${one.target.caller}: ${fault}`),
  );
  if (faults.length === 0) return;
  const again = `the curl above repeats one; all of it again: npm run fuzz -- --seed ${options.seed} --seconds ${options.seconds}`;
  throw new Error(`it found ${faults.length} faults (${again}):\n${faults.join('\n')}`);
});
