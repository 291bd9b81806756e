import { DomainError, NotFound } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { type Operator, recordAction } from './record-action.ts';

/**
 * Notes that a dead letter will never be booked: it keeps no register open any more. Later events of its policy are parked
 * behind it as before, and it can still be replayed. Once dismissed it stays so. Throws NotFound, and DomainError when it
 * was booked.
 */
export async function dismissDeadLetter(
  ctx: Pick<SettlementContext, 'sql' | 'now' | 'log'>,
  { id, ...operator }: Operator & { id: string },
): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    const [letter] = await tx<{ status: 'parked' | 'booked' | 'dismissed' }[]>`
      select status from settlement.dead_letters where id = ${id} for update`;
    if (!letter) throw new NotFound(`Dead letter "${id}"`);
    if (letter.status === 'booked')
      throw new DomainError('dead-letter-booked', `Cannot dismiss dead letter "${id}": its event is booked`);
    if (letter.status === 'dismissed') return;
    await tx`update settlement.dead_letters set status = 'dismissed' where id = ${id}`;
    await recordAction(tx, ctx, { ...operator, letterId: id, action: 'dismiss', outcome: 'dismissed' });
  });
  ctx.log.warn({ deadLetter: id, by: operator.by, why: operator.reason }, 'dead letter dismissed');
}
