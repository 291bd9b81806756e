import { eq } from 'drizzle-orm';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { registerLines } from './table.ts';

/** Throws NotFound for an insurer that never had a line: its id is likely mistyped. */
export async function requireInsurer({ db }: Pick<SettlementContext, 'db'>, insurer: string): Promise<void> {
  const [known] = await db
    .select({ insurer: registerLines.insurer })
    .from(registerLines)
    .where(eq(registerLines.insurer, insurer))
    .limit(1);
  if (!known) throw new NotFound(`A register of insurer "${insurer}"`);
}
