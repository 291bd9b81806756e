import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { rub } from '#contracts/money.ts';
import type { Register, RegisterLine } from '#contracts/register.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { registerLines } from './table.ts';

type Row = typeof registerLines.$inferSelect;
type Line = z.infer<typeof RegisterLine>;

/**
 * The register of an insurer and a month: by contract date, then policy number, a sale before its cancellation, numbered
 * from 1. A month without operations has no lines; an insurer that never had one is NotFound, because its id is likely mistyped.
 */
export async function readRegister(
  { db }: Pick<SettlementContext, 'db'>,
  { insurer, period }: { insurer: string; period: string },
): Promise<z.infer<typeof Register>> {
  const rows = await db
    .select()
    .from(registerLines)
    .where(and(eq(registerLines.insurer, insurer), eq(registerLines.period, period)))
    .orderBy(
      registerLines.contractDate,
      sql`${registerLines.policyNumber} collate "C"`,
      sql`${registerLines.operation} = 'cancelled'`,
      registerLines.eventId,
    );
  if (rows.length === 0) await requireKnown(db, insurer);
  const lines = rows.map((row, index) => toLine(row, index + 1));
  const total = (amount: (line: Line) => number) => rub(lines.reduce((sum, line) => sum + amount(line), 0));
  const totals = {
    count: lines.length,
    premium: total((line) => line.premium.amountMinor),
    commission: total((line) => line.commission.amountMinor),
    toTransfer: total((line) => line.toTransfer.amountMinor),
  };
  return { insurer, period, status: 'open', lines, totals };
}

async function requireKnown(db: SettlementContext['db'], insurer: string): Promise<void> {
  const known = await db
    .select({ insurer: registerLines.insurer })
    .from(registerLines)
    .where(eq(registerLines.insurer, insurer))
    .limit(1);
  if (known.length === 0) throw new NotFound(`A register of insurer "${insurer}"`);
}

function toLine(row: Row, line: number): Line {
  return {
    line,
    operation: row.operation,
    product: row.product,
    policyNumber: row.policyNumber,
    contractDate: new Date(row.contractDate).toISOString(),
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    premium: rub(row.premiumMinor),
    commissionRateBps: row.commissionRateBps,
    commission: rub(row.commissionMinor),
    toTransfer: rub(row.premiumMinor - row.commissionMinor),
    partner: row.partner,
    tariffVersion: row.tariffVersion,
  };
}
