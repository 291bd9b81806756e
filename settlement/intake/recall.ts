import type { TransactionSql } from 'postgres';
import type { Place } from '../positions/place-event.ts';
import type { Stream } from '../positions/position.ts';
import type { Known } from './plan-batch.ts';
import type { Message } from './read-message.ts';

/** Asks what is known of a batch's messages: four look-ups by index, sent together. */
export async function recall(
  tx: TransactionSql,
  messages: readonly Message[],
  { topic, partition }: Stream,
): Promise<Omit<Known, 'position'>> {
  const placed = messages.filter((message) => message.placed);
  const eventIds = placed.map((message) => message.eventId);
  const aggregateIds = [...new Set(placed.map((message) => message.aggregateId))];
  const digests = messages.filter((message) => !message.placed).map((message) => message.digest);
  const [ids, versions, parked, unplaced] = await Promise.all([
    tx<{ event_id: string }[]>`
      select event_id from settlement.ledger_transactions where event_id = any(${eventIds}::uuid[])
      union all
      select event_id from settlement.dead_letters where event_id = any(${eventIds}::uuid[])`,
    tx<{ aggregate_id: string; version: number }[]>`
      select aggregate_id, max(aggregate_version) as version from settlement.ledger_transactions
      where aggregate_id = any(${aggregateIds}::text[]) group by aggregate_id`,
    tx<{ aggregate_id: string }[]>`
      select distinct aggregate_id from settlement.dead_letters where aggregate_id = any(${aggregateIds}::text[])`,
    tx<({ digest: string } & Place)[]>`
      select digest, epoch::float8 as epoch, sequence::float8 as sequence from settlement.dead_letters
      where event_id is null and topic = ${topic} and partition = ${partition} and digest = any(${digests}::text[])`,
  ]);
  return {
    eventIds: new Set(ids.map((row) => row.event_id)),
    versions: new Map(versions.map((row) => [row.aggregate_id, row.version])),
    parkedAggregates: new Set(parked.map((row) => row.aggregate_id)),
    unplaced: Map.groupBy(unplaced, (row) => row.digest),
  };
}
