import { setTimeout as timer } from 'node:timers/promises';
import type { DrillContext } from '../drill.ts';
import type { RegionName } from '../noisy-partner/callers.ts';
import type { Try } from './customers.ts';
import type { FaultName } from './fault-names.ts';
import { FAULTS } from './faults.ts';
import type { Place } from './place.ts';

/** What customers met with in one trial; seconds from the fault on. */
export interface Trial {
  readonly fault: FaultName;
  readonly region: RegionName;
  /** Who came until it had left, and after that. */
  readonly tries: number;
  readonly failed: number;
  readonly failedLater: number;
  /** How often they failed in which way. */
  readonly failures: Readonly<Record<string, number>>;
  /** Until everyone who came could buy. */
  readonly seconds: number;
  /** Until the last who was given its address; absent: it did not leave. */
  readonly leftAfter?: number;
  /** From the beginning of its repair until somebody was given its address again. */
  readonly backAfter?: number;
  /** Who did not know whether they had bought, and were told when it was mended. */
  readonly settled: number;
}

/** Nobody failing and nobody given the address for so long: it is over, ms. Longer than a cache keeps an address then. */
const QUIET_MS = 4_000;
/** How long it is watched once it is back, ms. */
const WATCHED_MS = 2_000;
const PATIENCE_MS = 45_000;
const LOOK_MS = 50;

/** A region meets with a fault while customers come, leaves the answers, is mended, and comes back. */
export async function runTrial(
  { signal }: DrillContext,
  place: Place,
  { fault, region }: { fault: FaultName; region: RegionName },
): Promise<Trial> {
  const { tries, settle } = place.customers;
  const until = (isSo: () => boolean) => waitFor(signal, { isSo, patienceMs: PATIENCE_MS });
  const first = tries.length;
  const faultAt = performance.now();
  await FAULTS[fault].befall(place, region);
  const hasLeft = await until(() => isOver(tries.slice(first), { region, faultAt }));
  const met = tries.slice(first);
  const repairAt = performance.now();
  await FAULTS[fault].mend(place, region);
  const isBack = (one: Try) => one.startedAt > repairAt && one.answered.includes(region);
  await until(() => tries.some(isBack));
  const backAt = tries.find(isBack)?.startedAt;
  await until(() => backAt === undefined || performance.now() - backAt > WATCHED_MS);
  const settled = await settle(signal);
  const later = tries.slice(first + met.length);
  const failures = [...met, ...later].flatMap(({ failure }) => failure ?? []);
  const given = met.filter(({ answered }) => answered.includes(region)).map(({ startedAt }) => startedAt);
  return {
    fault,
    region,
    tries: met.length + later.length,
    failed: met.filter(hasFailed).length,
    failedLater: later.filter(hasFailed).length,
    failures: countBy(failures),
    seconds: secondsUntilAllBuy(met, faultAt),
    ...(hasLeft && { leftAfter: Math.max(0, Math.max(faultAt, ...given) - faultAt) / 1_000 }),
    ...(backAt !== undefined && { backAfter: (backAt - repairAt) / 1_000 }),
    settled,
  };
}

/** Of those who came lately nobody failed, and nobody was given the region's address. */
function isOver(tries: readonly Try[], { region, faultAt }: { region: RegionName; faultAt: number }): boolean {
  const lately = performance.now() - QUIET_MS;
  return lately > faultAt && tries.every((one) => one.startedAt < lately || isFine(one, region));
}

const hasFailed = ({ failure }: Try) => failure !== undefined;
const isFine = ({ failure, answered }: Try, region: RegionName) => failure === undefined && !answered.includes(region);

/** From the fault to the first who came after the last who failed; 0 if nobody did. */
export function secondsUntilAllBuy(tries: readonly Try[], faultAt: number): number {
  const failed = tries.filter(hasFailed).map(({ startedAt }) => startedAt);
  if (failed.length === 0) return 0;
  const last = Math.max(...failed);
  const next = Math.min(...tries.map(({ startedAt }) => startedAt).filter((startedAt) => startedAt > last));
  return Math.max(0, (Number.isFinite(next) ? next : last) - faultAt) / 1_000;
}

function countBy(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(names, (name) => name)).map(([name, all]) => [name, all?.length ?? 0]),
  );
}

async function waitFor(
  signal: AbortSignal,
  { isSo, patienceMs }: { isSo: () => boolean; patienceMs: number },
): Promise<boolean> {
  for (const until = performance.now() + patienceMs; performance.now() < until; ) {
    if (isSo()) return true;
    await timer(LOOK_MS, undefined, { signal });
  }
  return false;
}
