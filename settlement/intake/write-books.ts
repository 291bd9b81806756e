import type { SettlementContext } from '../context.ts';
import { parkMessages } from '../dead-letters/park-messages.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { bookingOf } from '../ledger/booking-of.ts';
import { moveBalances } from '../ledger/move-balances.ts';
import { lockPosition, movePosition } from '../positions/position.ts';
import { noteDays } from '../reconciliation/note-days.ts';
import { readClosed } from '../registers/read-closed.ts';
import type { Books } from './books.ts';
import type { Message } from './read-message.ts';
import { recall } from './recall.ts';

/** The books in Postgres: ledger, register lines, ends of days, dead letters and position, written in one transaction. */
export function createBooks({ sql, now }: Pick<SettlementContext, 'sql' | 'now'>): Books {
  return {
    take: (stream, messages, decide) =>
      sql.begin(async (tx) => {
        const position = await lockPosition(tx, stream);
        const [known, closed] = await Promise.all([
          recall(tx, messages, { stream, position }),
          readClosed(tx, insurersOf(messages)),
        ]);
        const plan = decide({ position, ...known });
        const at = now();
        const bookings = plan.book.map(bookingOf);
        await Promise.all([
          bookEvents(tx, bookings, { bookedAt: at, closed }),
          noteDays(tx, plan.note),
          parkMessages(tx, plan.park, { ...stream, parkedAt: at }),
          plan.position !== position && movePosition(tx, stream, { from: position, to: plan.position, at }),
          moveBalances(tx, bookings),
        ]);
        return plan;
      }),
  };
}

const insurersOf = (messages: readonly Message[]): string[] =>
  messages.flatMap((message) =>
    message.placed && 'event' in message.content ? message.content.event.data.insurer : [],
  );
