import { setTimeout as timer } from 'node:timers/promises';
import { simulateFlapping } from '../../../k8s/gslb/probing/flapping.ts';
import { PROBING } from '../../../k8s/gslb/probing/probing.ts';
import { seeded } from '../../bench/seeded.ts';
import type { DrillContext, Line, Outcome } from '../drill.ts';
import { missingPrograms } from '../missing-programs.ts';
import { REGIONS } from '../noisy-partner/callers.ts';
import { readBack } from '../noisy-partner/read-back.ts';
import type { FaultName } from './fault-names.ts';
import { FAULTS } from './faults.ts';
import { judge } from './judge.ts';
import { openPlace, type Place } from './place.ts';
import { runTrial, type Trial } from './run-trial.ts';

export interface FailoverOptions {
  readonly faults: readonly FaultName[];
  /** Of each fault. */
  readonly trials: number;
  readonly seed: number;
}

/** Between two trials everybody buys, anywhere, for so long, and a fault meets the probes at any moment of their interval, ms. */
const CALM_MS = 1_000;
const PHASE_MS = PROBING.intervalSeconds * 1_000;
const FLAPPING = { loss: 0.1, hours: 10_000 };

/** Regions die, hang, lose their database and are drained while customers come: how long it takes until all can buy, and that nothing sold is lost. */
export async function failover(ctx: DrillContext, { faults, trials, seed }: FailoverOptions): Promise<Outcome> {
  const missing = await missingPrograms(['gdnsd', 'unbound', 'setpriv']);
  if (missing) throw new Error(missing);
  const random = seeded(seed);
  await using place = await openPlace(ctx);
  const found = [];
  for (const fault of faults) {
    const met: Trial[] = [];
    for (let number = 0; number < trials; number += 1) {
      const region = REGIONS[number % REGIONS.length] as (typeof REGIONS)[number];
      await timer(CALM_MS + random() * PHASE_MS, undefined, { signal: ctx.signal });
      ctx.say(`  ${fault} ${number + 1} of ${trials}: ${region}, ${FAULTS[fault].told}`);
      met.push(await Promise.race([place.failed, runTrial(ctx, place, { fault, region })]));
      ctx.say(`    everybody could buy after ${met.at(-1)?.seconds.toFixed(1)} s`);
    }
    found.push({ fault, ...judge(fault, met) });
  }
  const books = await closeBooks(ctx, place);
  return {
    lines: [
      ...found.flatMap(({ fault, lines }) => lines.map(([what, value]): Line => [`${fault}: ${what}`, value])),
      ...books.lines,
      ...flappingLines(seed),
    ],
    faults: [...found.flatMap(({ fault, faults: told }) => told.map((one) => `${fault}: ${one}`)), ...books.faults],
  };
}

/** All that customers were told is read back, and all books are compared. */
async function closeBooks(
  ctx: DrillContext,
  { customers, regions }: Place,
): Promise<Pick<Outcome, 'lines' | 'faults'>> {
  await customers[Symbol.asyncDispose]();
  await customers.settle(ctx.signal);
  const { lines, faults } = await readBack(ctx, regions, customers.book);
  // By the checker's word for it, or because reading it back found nothing.
  const lost = faults.filter((fault) => /: lost: |is answered \d/.test(fault)).length;
  return { lines: [...lines, ['acknowledged policies lost', lost]], faults: [...faults, ...regions.deaths()] };
}

function flappingLines(seed: number): Line[] {
  const weather = { ...FLAPPING, regions: REGIONS.length, intervalSeconds: PROBING.intervalSeconds };
  const found = simulateFlapping({ ...weather, thresholds: PROBING, random: seeded(seed) });
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return [
    [
      `changes of membership an hour, ${REGIONS.length} healthy regions, 10 % of probes lost, ${FLAPPING.hours} hours simulated`,
      found.changesAnHour.toFixed(2),
    ],
    [
      'hours with more than two; most in an hour; time out of the answers',
      `${percent(found.busyHours)}; ${found.worstHour}; ${percent(found.out)}`,
    ],
  ];
}
