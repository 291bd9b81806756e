import type { TransactionSql } from 'postgres';
import type { Issue } from '../ledger/issue-of.ts';
import { PARTNER_EXPENSE } from '../ledger/postings-of.ts';
import type { Place } from '../positions/place-event.ts';
import type { Stream } from '../positions/position.ts';
import { distrustEpochs } from './distrust-epochs.ts';
import type { Known } from './plan-batch.ts';
import type { Message, PlacedMessage } from './read-message.ts';

/** Asks what is known of a batch's messages: look-ups by index, sent together. */
export async function recall(
  tx: TransactionSql,
  received: readonly Message[],
  { stream, position }: { stream: Stream; position: Place },
): Promise<Omit<Known, 'position'>> {
  const messages = distrustEpochs(received, position);
  const placed = messages.filter((message) => message.placed);
  const eventIds = placed.map((message) => message.eventId);
  const aggregateIds = [...new Set(placed.map((message) => message.aggregateId))];
  const digests = messages.filter((message) => !message.placed).map((message) => message.digest);
  const [ids, versions, issues, parked, unplaced] = await Promise.all([
    tx<{ event_id: string }[]>`
      select event_id from settlement.ledger_transactions where event_id = any(${eventIds}::uuid[])
      union all
      select event_id from settlement.dead_letters where event_id = any(${eventIds}::uuid[])`,
    tx<{ aggregate_id: string; version: number }[]>`
      select aggregate_id, max(aggregate_version) as version from settlement.ledger_transactions
      where aggregate_id = any(${aggregateIds}::text[]) group by aggregate_id`,
    recallIssues(tx, placed),
    tx<{ aggregate_id: string }[]>`
      select distinct aggregate_id from settlement.dead_letters where aggregate_id = any(${aggregateIds}::text[])`,
    tx<({ digest: string } & Place)[]>`
      select digest, epoch::float8 as epoch, sequence::float8 as sequence from settlement.dead_letters
      where event_id is null and topic = ${stream.topic} and partition = ${stream.partition}
        and digest = any(${digests}::text[])`,
  ]);
  return {
    eventIds: new Set(ids.map((row) => row.event_id)),
    versions: new Map(versions.map((row) => [row.aggregate_id, row.version])),
    issues,
    parkedAggregates: new Set(parked.map((row) => row.aggregate_id)),
    unplaced: Map.groupBy(unplaced, (row) => row.digest),
  };
}

/** How the policies were issued that have a cancellation among the messages: most batches have few, and many have none. */
async function recallIssues(tx: TransactionSql, placed: readonly PlacedMessage[]): Promise<Map<string, Issue>> {
  const cancelled = placed.filter(({ content }) => 'event' in content && content.event.type === 'policy.cancelled.v1');
  if (cancelled.length === 0) return new Map();
  const rows = await tx<(Issue & { aggregateId: string })[]>`
    select t.aggregate_id as "aggregateId", l.policy_number as number, l.insurer, l.product, l.partner,
      l.premium_minor::float8 as "premiumMinor", l.commission_minor::float8 as "commissionMinor",
      coalesce(p.amount_minor, 0)::float8 as "partnerCommissionMinor"
    from settlement.ledger_transactions t
    join settlement.register_lines l on l.event_id = t.event_id
    left join settlement.ledger_postings p on p.event_id = t.event_id and p.account = ${PARTNER_EXPENSE}
    where t.aggregate_id = any(${cancelled.map((message) => message.aggregateId)}::text[]) and t.aggregate_version = 1`;
  return new Map(rows.map(({ aggregateId, ...issue }) => [aggregateId, issue]));
}
