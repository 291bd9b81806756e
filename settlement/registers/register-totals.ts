import { rub } from '#contracts/money.ts';
import type { RegisterTotals } from '#contracts/register.ts';
import type { LineRow } from './read-lines.ts';

/** What lines come to, kopecks. */
export interface Sum {
  readonly count: number;
  readonly premiumMinor: number;
  readonly commissionMinor: number;
}

export const NOTHING: Sum = { count: 0, premiumMinor: 0, commissionMinor: 0 };

/** `sum` with these lines. Throws when an amount leaves the integers that a number holds exactly: 90 trillion roubles. */
export function addLines(sum: Sum, lines: readonly LineRow[]): Sum {
  let { count, premiumMinor, commissionMinor } = sum;
  for (const line of lines) {
    count += 1;
    premiumMinor += line.premiumMinor;
    commissionMinor += line.commissionMinor;
    if (!Number.isSafeInteger(premiumMinor))
      throw new RangeError('The premiums of a register leave the exact integers');
  }
  return { count, premiumMinor, commissionMinor };
}

/** As it is told. */
export const toTotals = ({ count, premiumMinor, commissionMinor }: Sum): RegisterTotals => ({
  count,
  premium: rub(premiumMinor),
  commission: rub(commissionMinor),
  toTransfer: rub(premiumMinor - commissionMinor),
});
