import type { Bands } from '#contracts/tariff.ts';
import { type Fraction, fraction, halfUp, product } from './fraction.testing.ts';

/** For tests: what a tariff must answer. */
export type Reference = { status: 'rated'; premiumMinor: number } | { status: 'declined'; reason: string };

/** For tests: a coefficient read off the raw terms, or what the insurer refuses for want of it. */
export type Part = Fraction | string;

/** For tests: the coefficient of a value. */
export function ofValue(table: Readonly<Record<string, string | undefined>>, value: string, refused: string): Part {
  const text = Object.entries(table).find(([key]) => key === value)?.[1];
  return text === undefined ? refused : fraction(text);
}

/** For tests: of the bands that reach the number, the least; `refused` takes the last limit in place of `#`. */
export function ofNumber(bands: Bands, number: number, refused: string): Part {
  const limits = bands.map((band) => band.upTo);
  const limit = Math.min(...limits.filter((upTo) => upTo >= number));
  const text = bands.find((band) => band.upTo === limit)?.factor;
  return text === undefined ? refused.replace('#', String(Math.max(...limits))) : fraction(text);
}

/** For tests: kopecks times the parts, rounded half up once; declined where a part is refused or the premium absurd. */
export function reference(parts: readonly Part[]): Reference {
  const refusals = parts.filter((part) => typeof part === 'string');
  if (refusals.length > 0) return { status: 'declined', reason: `${refusals.join(', ')}: declined` };
  const minor = halfUp(product(parts.filter((part) => typeof part !== 'string')));
  if (1n <= minor && minor <= 10n ** 12n) return { status: 'rated', premiumMinor: Number(minor) };
  return { status: 'declined', reason: 'the tariff gives no premium between 0.01 and 10^10 roubles' };
}
