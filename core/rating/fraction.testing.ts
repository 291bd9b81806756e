/** For tests: an exact fraction, not in its lowest terms. */
export type Fraction = readonly [numerator: bigint, denominator: bigint];

/** For tests: reads `1.15`. */
export function fraction(text: string): Fraction {
  const [whole = '', places = ''] = text.split('.');
  return [BigInt(whole + places), 10n ** BigInt(places.length)];
}

/** For tests: the product of all. */
export const product = (parts: readonly Fraction[]): Fraction =>
  parts.reduce(([a, b], [c, d]) => [a * c, b * d], [1n, 1n]);

/** For tests: the sum of all. */
export const total = (parts: readonly Fraction[]): Fraction =>
  parts.reduce(([a, b], [c, d]) => [a * d + c * b, b * d], [0n, 1n]);

/** For tests: the nearest whole number, a half up. */
export const halfUp = ([top, bottom]: Fraction): bigint => top / bottom + (2n * (top % bottom) >= bottom ? 1n : 0n);
