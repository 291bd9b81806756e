import type { Offer } from '#contracts/quote.ts';
import { type ExactDecimal, productMinor } from './decimal.ts';

/** A price in kopecks and how it came about, or why there is none. */
export type Rating =
  | { status: 'rated'; premiumMinor: number; breakdown: Offer['breakdown'] }
  | { status: 'declined'; reason: string };

/** A coefficient by its code; `doubt` says why its official source is in doubt. */
export interface AppliedFactor {
  readonly code: string;
  readonly value: ExactDecimal;
  readonly doubt?: string;
}

export const declined = (reason: string): Rating => ({ status: 'declined', reason });

/** Ten billion roubles: no insurer's arithmetic comes near, a broken tariff's does. */
const MOST_MINOR = 1_000_000_000_000n;

/** The exact product of a base in roubles and the factors, rounded half up to a kopeck, once. */
export function price(base: ExactDecimal, factors: readonly AppliedFactor[]): Rating {
  const minor = productMinor(
    base,
    factors.map((factor) => factor.value),
  );
  if (minor < 1n || minor > MOST_MINOR) return declined('the tariff gives no premium between 0.01 and 10^10 roubles');
  return {
    status: 'rated',
    premiumMinor: Number(minor),
    breakdown: {
      base: base.text,
      factors: factors.map(({ code, value, doubt }) => ({
        code,
        value: value.text,
        ...(doubt !== undefined && { confidence: 'low' as const, note: doubt }),
      })),
    },
  };
}
