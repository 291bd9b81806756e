import { runCommand } from '#platform/lifecycle/service.ts';
import { aggregator } from './aggregator/aggregator.ts';
import type { Bench, BenchContext } from './bench.ts';
import { choose } from './choose.ts';
import { edge } from './edge/edge.ts';
import { issuing } from './issuing/issuing.ts';
import { type Machine, readMachine } from './machine.ts';
import { outbox } from './outbox/outbox.ts';
import { rating } from './rating/rating.ts';
import { sale } from './sale.ts';
import { settlement } from './settlement/settlement.ts';
import { summarise, table } from './table.ts';
import { writeReport } from './write-report.ts';

const BENCHES = { sale, rating, issuing, outbox, settlement, aggregator, edge } as const satisfies Record<
  string,
  Bench
>;
type Name = keyof typeof BENCHES;

const say = (message: string) => void process.stdout.write(`${message}\n`);

async function run(name: Name, ctx: BenchContext): Promise<void> {
  const machine = await readMachine(new Date());
  say(`${name} ...`);
  const figures = await BENCHES[name](ctx);
  say(`\n${table(figures.map(summarise)).join('\n')}\n\n${describe(machine)}`);
  say(`written to ${await writeReport(name, { machine, figures })}\n`);
}

const describe = ({ cpu, cores, memoryGiB, load, system, node, date, commit }: Machine) =>
  `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load ${load} before, ${date}, commit ${commit}`;

await runCommand('bench', async () => {
  const names = choose(process.argv.slice(2), Object.keys(BENCHES) as Name[]);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by Ctrl-C')));
  const failures: string[] = [];
  for (const name of names) {
    // What one needs may not run while the others can be measured.
    await run(name, { say, signal: stopping.signal }).catch((error: Error) =>
      failures.push(`${name}: ${error.message}`),
    );
    if (stopping.signal.aborted) break;
  }
  if (failures.length > 0) throw new Error(failures.join('\nbench: '));
});
