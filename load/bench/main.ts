import { runCommand } from '#platform/lifecycle/service.ts';
import { aggregator } from './aggregator/aggregator.ts';
import type { Bench, BenchContext } from './bench.ts';
import { capacity } from './capacity/capacity.ts';
import { describeMachine } from './describe-machine.ts';
import { edge } from './edge/edge.ts';
import { issuing } from './issuing/issuing.ts';
import { readLoad, readMachine } from './machine.ts';
import { parseOptions } from './options.ts';
import { outbox } from './outbox/outbox.ts';
import { overload } from './overload/overload.ts';
import { publish } from './publish/publish.ts';
import { rating } from './rating/rating.ts';
import { type Report, reportFigures, requireComplete } from './report.ts';
import { sale } from './sale.ts';
import { settlement } from './settlement/settlement.ts';
import { gatesOf, table } from './table.ts';
import { writeReport } from './write-report.ts';

const BENCHES = {
  sale,
  rating,
  issuing,
  outbox,
  settlement,
  aggregator,
  edge,
  capacity,
  overload,
} as const satisfies Record<string, Bench>;
type Name = keyof typeof BENCHES;

const say = (message: string) => void process.stdout.write(`${message}\n`);

async function run(name: Name, ctx: BenchContext): Promise<void> {
  const machine = await readMachine(new Date());
  say(`${name} ...`);
  const found = await BENCHES[name](ctx);
  const figures = reportFigures(name, found);
  const { rounds } = ctx;
  const report: Report = {
    name,
    machine: { ...machine, loadAfter: readLoad() },
    ...(rounds !== undefined && { rounds }),
    figures,
  };
  say(`\n${table(figures).join('\n')}\n\n${gatesOf(figures).join('\n')}\n\n${describeMachine(machine)}`);
  const { load, date, commit } = machine;
  say(`${date}, commit ${commit}, load ${load} before and ${report.machine.loadAfter} after`);
  say(`written to ${await writeReport(report, found)}\n`);
  requireComplete(name, found);
}

await runCommand('bench', async () => {
  const { names, rounds, readme } = parseOptions(process.argv.slice(2), Object.keys(BENCHES) as Name[]);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by Ctrl-C')));
  const failures: string[] = [];
  for (const name of names) {
    const ctx = { say, signal: stopping.signal, ...(rounds !== undefined && { rounds }) };
    // What one needs may not run while the others can be measured.
    await run(name, ctx).catch((error: Error) => failures.push(`${name}: ${error.message}`));
    if (stopping.signal.aborted) break;
  }
  if (readme && !stopping.signal.aborted) await publish(say);
  if (failures.length > 0) throw new Error(failures.join('\nbench: '));
});
