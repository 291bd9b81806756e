import type { TransactionSql } from 'postgres';
import { type ClosedRegisters, registerKey } from './choose-period.ts';

/** The closed registers of these insurers, and those being closed: a few rows a month. */
export async function readClosed(tx: TransactionSql, insurers: readonly string[]): Promise<ClosedRegisters> {
  if (insurers.length === 0) return new Set();
  const rows = await tx<{ insurer: string; period: string }[]>`
    select insurer, period from settlement.register_closings where insurer = any(${[...new Set(insurers)]}::text[])`;
  return new Set(rows.map(({ insurer, period }) => registerKey(insurer, period)));
}
