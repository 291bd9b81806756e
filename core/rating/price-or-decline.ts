import type { ExactDecimal } from './decimal.ts';
import { type AppliedFactor, declined, price, type Rating } from './price.ts';

/** What the insurer does not take, in words of the customer: `travellers over 75`. */
export interface Refusal {
  readonly refused: string;
}

/** The price of a base in roubles times the coefficients; declined with every refusal there is among them. */
export function priceOrDecline(base: ExactDecimal, looked: readonly (AppliedFactor | Refusal)[]): Rating {
  const refusals = looked.flatMap((entry) => ('refused' in entry ? [entry.refused] : []));
  if (refusals.length > 0) return declined(`${refusals.join(', ')}: declined`);
  return price(
    base,
    looked.filter((entry) => 'code' in entry),
  );
}
