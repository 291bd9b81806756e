import { setTimeout as timer } from 'node:timers/promises';
import type { DrillContext } from '../drill.ts';
import type { Case } from './cases.ts';
import { clockOf, readOffset } from './clock.ts';
import type { Regions } from './start-regions.ts';
import type { Traffic, TrafficPlan } from './traffic/orders.ts';
import { startTraffic } from './traffic/start-traffic.ts';
import { OFFENDER, OTHERS } from './traffic/streams.ts';
import { type Done, makeTrouble } from './trouble.ts';

export interface RunOptions {
  /** With the offender, and as long without it. */
  readonly seconds: number;
  /** They take turns; so long each. */
  readonly sliceSeconds: number;
  /** First without the offender, then with it and everything in order, then with the trouble; so long each. */
  readonly warmSeconds: number;
  readonly seed: number;
}

/** What happened to whom in a case. */
export interface Run extends Done, Case {
  readonly offender: Traffic;
  readonly others: Traffic;
  /** How often edges gave their store up, at least. */
  readonly storeFailures: number;
}

/** Everybody else alone, while all is still cold. */
export const START = 'start';
/** Slices in turn begin with these. */
export const [WITH, WITHOUT] = ['with', 'without'] as const;

/** Everybody's traffic through both regions, with trouble after a while, and then with the offender and without it in turn. */
export async function runCase(ctx: DrillContext, regions: Regions, options: Case & RunOptions): Promise<Run> {
  const offsetMs = readOffset();
  await using traffic = startBoth({ ...regions, offsetMs }, options.seed);
  const last = (ms: number) =>
    Promise.race([traffic.failed, timer(ms, undefined, { signal: ctx.signal })]) as Promise<void>;
  const during = async (slice: string, isNoisy: boolean, seconds: number) => {
    traffic.turn(slice, isNoisy);
    await last(seconds * 1_000);
  };
  await during(START, false, options.warmSeconds);
  await during('noisy', true, options.warmSeconds);
  const failuresBefore = await regions.storeFailures();
  const done = await makeTrouble({ ...ctx, now: clockOf(offsetMs), last }, regions, options);
  await during('trouble', true, options.trouble ? options.warmSeconds : 0);
  for (let slice = 0; slice < options.seconds / options.sliceSeconds; slice += 1) {
    await during(`${WITH} ${slice}`, true, options.sliceSeconds);
    await during(`${WITHOUT} ${slice}`, false, options.sliceSeconds);
  }
  // One that is dead by now has taken its own count along.
  const storeFailures = Math.max(failuresBefore, await regions.storeFailures());
  const { pool, trouble } = options;
  return { pool, ...(trouble && { trouble }), ...done, storeFailures, ...(await traffic.finish()) };
}

/** The offender is a company of its own: its process is not that of the others. */
function startBoth(place: Pick<TrafficPlan, 'offsetMs' | 'urls' | 'keys'>, seed: number) {
  const stack = new AsyncDisposableStack();
  const { offsetMs, urls, keys } = place;
  const start = (plan: Pick<TrafficPlan, 'streams' | 'probes' | 'seed'>) =>
    stack.use(startTraffic({ offsetMs, urls, keys, ...plan }));
  const offender = start({ streams: OFFENDER, probes: false, seed: 2 * seed });
  const others = start({ streams: OTHERS, probes: true, seed: 2 * seed + 1 });
  return {
    failed: Promise.race([offender.failed, others.failed]),
    turn(slice: string, isNoisy: boolean) {
      offender.turn(slice, isNoisy);
      others.turn(slice, true);
    },
    async finish() {
      const [byOffender, byOthers] = await Promise.all([offender.finish(), others.finish()]);
      return { offender: byOffender, others: byOthers };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
