import { z } from 'zod';
import type { OsagoBaseRow, OsagoTerms } from '#contracts/tariff.ts';
import { InsurerReplyError, quoted } from '../../protocols/insurer-reply-error.ts';
import type { CollectedTariff } from '../insurer.ts';

/** An insurer's base rate in kopecks, in force from a moment until just before another. */
export interface DatedRate {
  row: OsagoBaseRow;
  baseRateMinor: number;
  fromMs: number;
  untilMs: number | null;
}

/** The OSAGO tariff made of the rates in force now. Refuses none at all, and two of one row. Throws InsurerReplyError. */
export function osagoTariff(
  rates: readonly DatedRate[],
  { commissionRateBps, now }: { commissionRateBps: number; now: Date },
): CollectedTariff {
  const baseRatesMinor: OsagoTerms['baseRatesMinor'] = {};
  const nowMs = now.getTime();
  for (const { row, baseRateMinor, fromMs, untilMs } of rates) {
    if (fromMs > nowMs || (untilMs !== null && untilMs <= nowMs)) continue;
    if (baseRatesMinor[row] !== undefined) {
      throw new InsurerReplyError('tariff', `two base rates of row ${row} are in force at once`);
    }
    baseRatesMinor[row] = baseRateMinor;
  }
  if (Object.keys(baseRatesMinor).length === 0) throw new InsurerReplyError('tariff', 'no base rate is in force');
  return { product: 'osago', commissionRateBps, terms: { baseRatesMinor } };
}

/**
 * An insurer's own code of a vehicle class, read as the official row. An unknown code refuses the reply: the rows are
 * fixed by the Bank of Russia, so a new code means that the adapter no longer understands this insurer.
 */
export function rowOf(codes: Readonly<Record<string, OsagoBaseRow>>) {
  const rows = new Map(Object.entries(codes));
  return z.string().transform((code, ctx) => {
    const row = rows.get(code);
    if (row !== undefined) return row;
    ctx.addIssue(`unknown vehicle class ${quoted(code)}`);
    return z.NEVER;
  });
}
