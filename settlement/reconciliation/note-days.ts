import type { TransactionSql } from 'postgres';
import type { DayClosedEvent } from '#contracts/events.ts';

/** Notes what core said of days that are over. */
export async function noteDays(tx: TransactionSql, days: readonly DayClosedEvent[]): Promise<void> {
  for (const { eventId, aggregateVersion, occurredAt, data } of days) {
    await tx`
      insert into settlement.core_days (event_id, day, revision, told_at, insurers)
      values (${eventId}, ${data.day}, ${aggregateVersion}, ${occurredAt}, ${JSON.stringify(data.insurers)}::text::jsonb)`;
  }
}
