import { setTimeout as timer } from 'node:timers/promises';
import type { DrillContext } from '../drill.ts';
import type { Callers } from './callers.ts';
import type { Case } from './judge.ts';
import { isGood } from './met.ts';
import type { PlaceName, ToxicName } from './names.ts';
import { pollAll } from './poll-all.ts';
import type { SpoilableRegion } from './start-spoilable.ts';
import { mend, SPOILINGS } from './toxics.ts';

export interface CaseOptions {
  readonly place: PlaceName;
  readonly toxic: ToxicName;
  /** For which the way is bad. */
  readonly seconds: number;
}

/** All calls good for so long: it is over, ms. */
const QUIET_MS = 3_000;
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Spoils a way, watches callers until all is well again after its mending, and has unknown sales settled. */
export async function runCase(
  { signal }: DrillContext,
  { region, callers }: { region: SpoilableRegion; callers: Callers },
  { place, toxic, seconds }: CaseOptions,
): Promise<Case & { readonly settled: number }> {
  await callers.stockUp();
  const [firstMet, firstAdmitted, deadBefore] = [callers.met.length, callers.admitted.length, region.deaths().length];
  const way = region.way(place);
  const { steps } = SPOILINGS[toxic];
  const isOfInsurers = place === 'aggregator-insurers';
  let polling: Promise<unknown> = Promise.resolve();
  for (const step of steps) {
    await step(way);
    if (isOfInsurers) polling = pollAll(region.aggregator, signal);
    await timer((seconds * 1_000) / steps.length, undefined, { signal });
  }
  await mend(way);
  const mendedAt = performance.now();
  const after = () => performance.now() - mendedAt;
  const [ledgerAfterMs, polledAfterMs] = await Promise.all([
    until(signal, () => ledgerIsComplete(region)).then((isSo) => (isSo ? after() : undefined)),
    isOfInsurers
      ? polling
          .then(() => until(signal, () => pollAll(region.aggregator, signal)))
          .then((isSo) => (isSo ? after() : undefined))
      : undefined,
    until(signal, async () => isQuiet(callers, mendedAt)),
  ]);
  return {
    ...{ place, toxic, mendedAt },
    met: callers.met.slice(firstMet),
    admitted: callers.admitted.slice(firstAdmitted),
    ...(ledgerAfterMs !== undefined && { ledgerAfterMs }),
    ...(polledAfterMs !== undefined && { polledAfterMs }),
    deaths: region.deaths().slice(deadBefore),
    settled: await callers.settle(),
  };
}

/** Nobody who began lately has failed, and everybody who was begun before the mending has ended. */
function isQuiet({ met }: Callers, mendedAt: number): boolean {
  const lately = performance.now() - QUIET_MS;
  return lately > mendedAt && met.every((one) => one.startedAt + one.ms < lately || isGood(one));
}

async function ledgerIsComplete({ asAdmin }: SpoilableRegion): Promise<boolean> {
  const [found] = await asAdmin(
    (sql) => sql<{ isSo: boolean }[]>`
      select (select count(*) from settlement.ledger_transactions) >= (
        select count(*) from core.outbox where type like 'policy.%' and occurred_at < now() - interval '1 s'
      ) as "isSo"`,
  );
  return found?.isSo ?? false;
}

async function until(signal: AbortSignal, isSo: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    if (await isSo()) return true;
    await timer(LOOK_MS, undefined, { signal });
  }
  return false;
}
