import type { ExactDecimal } from '../decimal.ts';
import type { AppliedFactor } from '../price.ts';

/** The coefficients of Annex 2. */
export const FACTOR_CODES = ['KT', 'KBM', 'KVS', 'KO', 'KM', 'KS'] as const;
export type FactorCode = (typeof FACTOR_CODES)[number];

/** How far the transcription of a row is to be trusted, in the table's own words. */
export interface RowDoubt {
  readonly confidence?: string;
  readonly note?: string;
}

/** A coefficient of the official tables; one of a row of low confidence carries the row's words as its doubt. */
export function officialFactor(code: FactorCode, value: ExactDecimal, row: RowDoubt = {}): AppliedFactor {
  const { confidence, note } = row;
  return confidence?.startsWith('low') ? { code, value, doubt: note ?? confidence } : { code, value };
}
