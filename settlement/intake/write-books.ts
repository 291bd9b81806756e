import type { SettlementContext } from '../context.ts';
import { parkMessages } from '../dead-letters/park-messages.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { lockPosition, movePosition } from '../positions/position.ts';
import { appendLines } from '../registers/append-lines.ts';
import type { Books } from './books.ts';
import { recall } from './recall.ts';

/** The books in Postgres: ledger, register lines, dead letters and position, written in one transaction. */
export function createBooks({ sql, now }: Pick<SettlementContext, 'sql' | 'now'>): Books {
  return {
    take: (stream, messages, decide) =>
      sql.begin(async (tx) => {
        const position = await lockPosition(tx, stream);
        const known = { position, ...(await recall(tx, messages, { stream, position })) };
        const plan = decide(known);
        const at = now();
        await bookEvents(tx, plan.book, { bookedAt: at });
        await appendLines(tx, plan.book);
        await parkMessages(tx, plan.park, { ...stream, parkedAt: at });
        if (plan.position !== position) await movePosition(tx, stream, { from: position, to: plan.position, at });
        return plan;
      }),
  };
}
