import { osagoEditionOn } from '#contracts/osago-corridors.ts';
import type { Bands, OsagoBaseRow, OsagoTerms, Tariff } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';

/** What was last published of a product. */
export interface Known {
  readonly product: Product;
  readonly commissionRateBps: number;
  readonly terms: Tariff['terms'];
}

/** New to old, both above 0: exact, so that a change of just one half is none too many. */
interface Ratio {
  readonly now: bigint;
  readonly before: bigint;
}

/**
 * Why a reply is not believed, a sentence each; none when it is. An OSAGO base rate has to be inside the corridor in
 * force on `today` (date in Moscow). No price and no commission may be more than half higher or lower than what was
 * `known`: for factor tables, the change of a price is bounded by the product of the largest changes of its factors.
 */
export function findImplausible(
  collected: readonly CollectedTariff[],
  { known, today }: { known: readonly Known[]; today: string },
): string[] {
  return collected.flatMap((tariff) => {
    const before = known.find(({ product }) => product === tariff.product);
    const outside = tariff.product === 'osago' ? outsideCorridor(tariff.terms, today) : [];
    // What is outside the corridor has mostly jumped as well: said once is enough.
    return outside.length > 0 || !before ? outside : jumps(tariff, before);
  });
}

const roubles = (minor: number): string => (minor / 100).toFixed(2);

const rowsOf = ({ baseRatesMinor }: OsagoTerms) => Object.entries(baseRatesMinor) as [OsagoBaseRow, number][];

function outsideCorridor(terms: OsagoTerms, today: string): string[] {
  const edition = osagoEditionOn(today);
  return rowsOf(terms).flatMap(([row, rateMinor]) => {
    const corridor = edition?.corridors.get(row);
    if (!corridor || (corridor.minMinor <= rateMinor && rateMinor <= corridor.maxMinor)) return [];
    const { minMinor, maxMinor } = corridor;
    const bounds = `${roubles(minMinor)} to ${roubles(maxMinor)}`;
    return `osago: base rate of row ${row}, ${roubles(rateMinor)}, is outside the corridor of ${bounds} roubles`;
  });
}

function jumps(tariff: CollectedTariff, before: Known): string[] {
  const found: string[] = [];
  const [now, then] = [tariff.commissionRateBps, before.commissionRateBps];
  if (then > 0 && isJump({ now: BigInt(now), before: BigInt(then) })) {
    found.push(`${tariff.product}: commission went from ${then / 100} % to ${now / 100} %`);
  }
  if (tariff.product === 'osago') return [...found, ...osagoJumps(tariff.terms, before.terms as OsagoTerms)];
  const { most, least } = changeOfPrices(tariff.terms, before.terms);
  if (rose(most)) found.push(`${tariff.product}: prices may have risen by more than half`);
  if (fell(least)) found.push(`${tariff.product}: prices may have fallen by more than half`);
  return found;
}

function osagoJumps(terms: OsagoTerms, before: OsagoTerms): string[] {
  return rowsOf(terms).flatMap(([row, now]) => {
    const then = before.baseRatesMinor[row];
    if (then === undefined || !isJump({ now: BigInt(now), before: BigInt(then) })) return [];
    return `osago: base rate of row ${row} went from ${roubles(then)} to ${roubles(now)} roubles`;
  });
}

/** By more than one half. */
const rose = ({ now, before }: Ratio): boolean => now * 2n > before * 3n;
const fell = ({ now, before }: Ratio): boolean => now * 2n < before;
const isJump = (ratio: Ratio): boolean => rose(ratio) || fell(ratio);

const isMore = (a: Ratio, b: Ratio): boolean => a.now * b.before > b.now * a.before;

/** Bounds of what became of any price: the product over all parts of the terms of their largest and least changes. */
function changeOfPrices(terms: object, before: object): { most: Ratio; least: Ratio } {
  let most: Ratio = { now: 1n, before: 1n };
  let least: Ratio = most;
  for (const [name, part] of Object.entries(terms)) {
    const was = (before as Record<string, unknown>)[name];
    const [first, ...rest] = name.endsWith('Minor') ? change(`${part}`, `${was}`) : changesOf(part, was);
    if (!first) continue;
    const greatest = rest.reduce((a, b) => (isMore(b, a) ? b : a), first);
    const smallest = rest.reduce((a, b) => (isMore(a, b) ? b : a), first);
    most = { now: most.now * greatest.now, before: most.before * greatest.before };
    least = { now: least.now * smallest.now, before: least.before * smallest.before };
  }
  return { most, least };
}

/** The changes of one part wherever it has a value before and after; limits in whole numbers are no prices. */
function changesOf(now: unknown, before: unknown): Ratio[] {
  if (Array.isArray(now) && Array.isArray(before)) return bandChanges(now, before);
  if (isRecord(now) && isRecord(before)) {
    return Object.entries(now).flatMap(([key, value]) => change(value, before[key]));
  }
  return change(now, before);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function bandChanges(now: Bands, before: Bands): Ratio[] {
  const factorAt = (bands: Bands, value: number) => bands.find(({ upTo }) => value <= upTo)?.factor;
  // Between two bounds of either nothing changes, so these values stand for all.
  return [...now, ...before].flatMap(({ upTo }) => change(factorAt(now, upTo), factorAt(before, upTo)));
}

function change(now: unknown, before: unknown): Ratio[] {
  return isPrice(now) && isPrice(before) ? [{ now: tenThousandths(now), before: tenThousandths(before) }] : [];
}

/** Factors and rates are decimals in text; whole numbers are limits, but for the kopecks named as such. */
const isPrice = (value: unknown): value is string => typeof value === 'string';

/** A contract's factor has at most four places. */
function tenThousandths(text: string): bigint {
  const [whole = '', places = ''] = text.split('.');
  return BigInt(whole + places.padEnd(4, '0'));
}
