import { rub } from '#contracts/money.ts';

/** Of an operation, kopecks. */
export interface MinorAmounts {
  readonly premiumMinor: number;
  readonly commissionMinor: number;
}

/** As they are told. */
export const toAmounts = ({ premiumMinor, commissionMinor }: MinorAmounts) => ({
  premium: rub(premiumMinor),
  commission: rub(commissionMinor),
});
