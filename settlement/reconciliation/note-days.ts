import type { TransactionSql } from 'postgres';
import type { DayClosedEvent } from '#contracts/events.ts';

/** Notes what core said of days that are over; all sent at once, so that nothing is asked of a transaction that has failed. */
export async function noteDays(tx: TransactionSql, days: readonly DayClosedEvent[]): Promise<void> {
  await Promise.all(
    days.map(
      ({ eventId, aggregateVersion, occurredAt, data }) => tx`
        insert into settlement.core_days (event_id, day, revision, told_at, insurers)
        values (${eventId}, ${data.day}, ${aggregateVersion}, ${occurredAt}, ${JSON.stringify(data.insurers)}::text::jsonb)`,
    ),
  );
}
