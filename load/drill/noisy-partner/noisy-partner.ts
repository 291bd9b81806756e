import type { DrillContext, Line, Outcome } from '../drill.ts';
import { CASES, type CaseName } from './cases.ts';
import { judge } from './judge.ts';
import { readBack } from './read-back.ts';
import { report } from './report.ts';
import { type RunOptions, runCase } from './run-case.ts';
import { startRegions } from './start-regions.ts';

export interface NoisyPartnerOptions extends RunOptions {
  readonly cases: readonly CaseName[];
  /** Whether the others' waiting is judged, too. */
  readonly judgesLatency: boolean;
}

/** A partner that asks twelve times as much as agreed: it gets 429, and nobody else notices, whatever else goes wrong. */
export async function noisyPartner(ctx: DrillContext, options: NoisyPartnerOptions): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const name of options.cases) {
    ctx.say(`${name}: two regions, ${options.seconds} s with the noisy partner and as long without`);
    const { lines, faults } = await playCase(ctx, name, options);
    for (const fault of faults) ctx.say(`  ${fault}`);
    outcomes.push({
      lines: lines.map(([what, value]): Line => [`${name}: ${what}`, value]),
      faults: faults.map((fault) => `${name}: ${fault}`),
    });
  }
  return { lines: outcomes.flatMap(({ lines }) => lines), faults: outcomes.flatMap(({ faults }) => faults) };
}

async function playCase(ctx: DrillContext, name: CaseName, options: NoisyPartnerOptions): Promise<Outcome> {
  await using regions = await startRegions(CASES[name].pool);
  const run = await runCase(ctx, regions, { ...CASES[name], ...options });
  const judgement = judge(run, options);
  if (run.incident.dead) await regions.raise(run.incident.dead.region);
  const { lines, faults } = await readBack(ctx, regions, run.others);
  return {
    lines: [...report(run, judgement), ...lines],
    faults: [...judgement.faults, ...faults, ...regions.deaths()],
  };
}
