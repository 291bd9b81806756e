import type { TransactionSql } from 'postgres';
import type { DeadLetterAction } from '#contracts/dead-letter.ts';
import type { SettlementContext } from '../context.ts';

/** Who acts and why. */
export interface Operator {
  readonly by: string;
  readonly reason?: string | undefined;
}

interface Action extends Operator {
  readonly letterId: string;
  readonly action: DeadLetterAction['action'];
  readonly outcome: DeadLetterAction['outcome'];
  readonly detail?: string | undefined;
}

/** Writes the audit of an action, in the transaction of what it did. */
export async function recordAction(
  tx: TransactionSql,
  { now }: Pick<SettlementContext, 'now'>,
  { letterId, action, by, reason, outcome, detail }: Action,
): Promise<void> {
  await tx`
    insert into settlement.dead_letter_actions (dead_letter_id, action, by, reason, at, outcome, detail)
    values (${letterId}, ${action}, ${by}, ${reason ?? null}, ${now().toISOString()}, ${outcome}, ${detail ?? null})`;
}
