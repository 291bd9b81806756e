import { PURCHASE_P95_MS, QUOTE_P95_MS } from '../capacity/criterion.ts';
import { type Slice, sumOf } from '../capacity/crowd.ts';
import { percentile } from '../percentile.ts';

interface Seconds {
  readonly searches: readonly Slice[];
  readonly purchases: readonly Slice[];
}

/** Answers that came in time, a second. */
export function goodputOf({ searches, purchases }: Seconds): number {
  const inTime = (slices: readonly Slice[], mostMs: number) =>
    sumOf(slices).waitedMs.filter((ms) => ms <= mostMs).length;
  return (inTime(searches, QUOTE_P95_MS) + inTime(purchases, PURCHASE_P95_MS)) / searches.length;
}

/** Of all that were answered, quotes and purchases, ms. */
export const p99Of = ({ searches, purchases }: Seconds): number =>
  percentile([...sumOf(searches).waitedMs, ...sumOf(purchases).waitedMs], 0.99);

export const after = ({ searches, purchases }: Seconds, seconds: number): Seconds => ({
  searches: searches.slice(seconds),
  purchases: purchases.slice(seconds),
});
export const upTo = ({ searches, purchases }: Seconds, seconds: number): Seconds => ({
  searches: searches.slice(0, seconds),
  purchases: purchases.slice(0, seconds),
});

const second = ({ searches, purchases }: Seconds, at: number): Seconds => ({
  searches: searches.slice(at, at + 1),
  purchases: purchases.slice(at, at + 1),
});

/** Whether all of a second were answered, and 95 of 100 as quickly as 99 of 100 may be: of a second there are few. */
function isWell(seen: Seconds, mostMs: number): boolean {
  const { offered, waitedMs } = sumOf([...seen.searches, ...seen.purchases]);
  return waitedMs.length === offered && percentile(waitedMs, 0.95) <= mostMs;
}

/** Seconds after which all the rest are well; as many as there are when the last is not. */
export function recoveredAfter(seen: Seconds, mostMs: number): number {
  let seconds = seen.searches.length;
  while (seconds > 0 && isWell(second(seen, seconds - 1), mostMs)) seconds -= 1;
  return seconds;
}

/** What is wrong whatever the clock says: sentences. */
export function faultsOf({ searches, purchases }: Seconds): string[] {
  const [searched, bought] = [sumOf(searches), sumOf(purchases)];
  const others = Object.entries(searched.statuses).filter(([status]) => status !== '200' && status !== '503');
  const sold = bought.waitedMs.length;
  return [
    ...(sold < 0.999 * bought.offered
      ? [`of ${bought.offered} purchases ${sold} were answered 201: ${JSON.stringify(bought.statuses)}`]
      : []),
    ...others.map(([status, count]) => `${count} quotes were answered ${status === '0' ? 'not at all' : status}`),
    ...(searched.withoutRetryAfter > 0 ? [`${searched.withoutRetryAfter} refusals did not say when to try again`] : []),
  ];
}
