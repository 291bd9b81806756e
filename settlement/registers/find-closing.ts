import { and, eq } from 'drizzle-orm';
import type { SettlementContext } from '../context.ts';
import type { Sum } from './register-totals.ts';
import { registerClosings } from './table.ts';

/** Which register. */
export interface RegisterName {
  readonly insurer: string;
  readonly period: string;
}

/** How a register was closed. */
export interface Closing extends RegisterName {
  /** RFC 3339. */
  readonly closedAt: string;
  readonly closedBy: string;
  readonly reason: string | null;
  readonly findings: readonly string[];
  /** Absent while it is being closed: it takes no more lines, and is not counted yet. */
  readonly final?: { readonly digest: string; readonly sum: Sum };
}

/** The closing of a register; undefined while it is open. */
export async function findClosing(
  { db }: Pick<SettlementContext, 'db'>,
  { insurer, period }: RegisterName,
): Promise<Closing | undefined> {
  const isIt = and(eq(registerClosings.insurer, insurer), eq(registerClosings.period, period));
  const [row] = await db.select().from(registerClosings).where(isIt);
  if (!row) return undefined;
  const { closedBy, reason, findings, digest, count, premiumMinor, commissionMinor } = row;
  const closing = { insurer, period, closedAt: new Date(row.closedAt).toISOString(), closedBy, reason, findings };
  if (digest === null || count === null || premiumMinor === null || commissionMinor === null) return closing;
  return { ...closing, final: { digest, sum: { count, premiumMinor, commissionMinor } } };
}
