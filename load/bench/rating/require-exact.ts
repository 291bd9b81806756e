import type { Offer } from '#contracts/quote.ts';
import { fraction, halfUp, product } from '../../../core/rating/fraction.testing.ts';

/** Throws unless a premium, kopecks, is the product of its breakdown in roubles, rounded half up once: exactly. */
export function requireExact(premiumMinor: number, { base, factors }: Offer['breakdown']): void {
  const parts = [base, ...factors.map(({ value }) => value)].map(fraction);
  const exact = halfUp(product([[100n, 1n], ...parts]));
  if (exact !== BigInt(premiumMinor)) {
    const text = [base, ...factors.map(({ code, value }) => `${code} ${value}`)].join(' x ');
    throw new Error(`A premium is ${premiumMinor} kopecks, but ${text} makes ${exact}`);
  }
}
