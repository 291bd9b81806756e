import { percentile } from '../../../bench/percentile.ts';
import { seeded } from '../../../bench/seeded.ts';

/** What everybody else may pay for the offender: their 95th percentile, as a multiple of that without it. */
const AT_MOST = 1.1;
const SHARE = 0.95;
const SPLITS = 200;

/** Latencies of one caller's requests in the slices of a run, in the order of time, ms. */
export interface Slices {
  readonly withOffender: readonly (readonly number[])[];
  readonly without: readonly (readonly number[])[];
}

/** 95th percentiles, ms, of all slices of a kind together. */
export interface Compared {
  readonly withMs: number;
  readonly withoutMs: number;
  readonly ratio: number;
  /** The same of a thing to itself: of 20 times that slices of one kind are halved at random, 19 differ by less; never below 1. */
  readonly noise: number;
}

/** Compares everybody else's waiting with that of the same minutes without the offender. */
export function compareLatency({ withOffender, without }: Slices): Compared {
  const [withMs, withoutMs] = [p95(withOffender), p95(without)];
  return { withMs, withoutMs, ratio: withMs / withoutMs, noise: Math.max(toItself(withOffender), toItself(without)) };
}

/** A sentence unless the ratio is allowed, or no larger than what the machine does to a thing against itself. */
export function checkLatency(what: string, { withMs, withoutMs, ratio, noise }: Compared): string[] {
  if (ratio <= Math.max(AT_MOST, noise)) return [];
  const [was, is] = [withoutMs, withMs].map((ms) => ms.toFixed(2));
  return [
    `p95 of ${what} is ${is} ms with alfa and ${was} without: ${ratio.toFixed(2)} times, A/A ${noise.toFixed(2)}`,
  ];
}

const p95 = (slices: readonly (readonly number[])[]) => percentile(slices.flat(), SHARE);

function toItself(slices: readonly (readonly number[])[]): number {
  const random = seeded(SPLITS);
  const ratios = Array.from({ length: SPLITS }, () => {
    const drawn = slices.map((slice) => ({ slice, lot: random() })).toSorted((a, b) => a.lot - b.lot);
    const half = drawn.length >> 1;
    const [one, other] = [drawn.slice(0, half), drawn.slice(half)].map((some) => p95(some.map(({ slice }) => slice)));
    return Math.max(Number(one) / Number(other), Number(other) / Number(one));
  });
  return percentile(ratios, 19 / 20);
}
