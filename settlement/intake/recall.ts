import type { TransactionSql } from 'postgres';
import type { Issue } from '../ledger/issue-of.ts';
import { PARTNER_EXPENSE } from '../ledger/postings-of.ts';
import type { Place } from '../positions/place-event.ts';
import type { Stream } from '../positions/position.ts';
import { distrustEpochs } from './distrust-epochs.ts';
import type { Known } from './plan-batch.ts';
import type { Message, PlacedMessage } from './read-message.ts';

/**
 * Asks what is known of a batch's messages: look-ups by index. First which events are, then of the others alone how their
 * policies stand, sent together: a replay brings little but what is known.
 */
export async function recall(
  tx: TransactionSql,
  received: readonly Message[],
  { stream, position }: { stream: Stream; position: Place },
): Promise<Omit<Known, 'position'>> {
  const messages = distrustEpochs(received, position);
  const placed = messages.filter((message) => message.placed);
  const digests = messages.filter((message) => !message.placed).map((message) => message.digest);
  const [ids, days, unplaced] = await Promise.all([
    recallIds(tx, placed),
    recallDays(tx, placed),
    recallUnplaced(tx, digests, stream),
  ]);
  const eventIds = new Set([...ids, ...days.map((row) => row.event_id)]);
  const unknown = placed.filter(({ eventId }) => !eventIds.has(eventId));
  return {
    eventIds,
    ...(await recallPolicies(tx, unknown)),
    days: new Set(days.map((row) => `${row.day} ${row.revision}`)),
    unplaced: Map.groupBy(unplaced, (row) => row.digest),
  };
}

/** Ids that are booked or parked, in one row: five hundred would cost this process more than the looking up. */
async function recallIds(tx: TransactionSql, placed: readonly PlacedMessage[]): Promise<string[]> {
  if (placed.length === 0) return [];
  const eventIds = placed.map(({ eventId }) => eventId);
  const [row] = await tx<{ ids: string | null }[]>`
    with asked as materialized (select ${eventIds}::uuid[] as ids)
    select string_agg(event_id::text, ',') as ids from (
      select event_id from settlement.ledger_transactions where event_id = any((select ids from asked)::uuid[])
      union all
      select event_id from settlement.dead_letters where event_id = any((select ids from asked)::uuid[])
    ) known`;
  return row?.ids?.split(',') ?? [];
}

/** How the policies of events stand that were not seen before. */
export async function recallPolicies(tx: TransactionSql, unknown: readonly PlacedMessage[]) {
  const aggregateIds = [...new Set(unknown.map(({ aggregateId }) => aggregateId))];
  if (aggregateIds.length === 0) return { versions: new Map(), issues: new Map(), parkedAggregates: new Set<string>() };
  const [versions, issues, parked] = await Promise.all([
    tx<{ aggregate_id: string; version: number }[]>`
      select aggregate_id, max(aggregate_version) as version from settlement.ledger_transactions
      where aggregate_id = any(${aggregateIds}::text[]) group by aggregate_id`,
    recallIssues(tx, unknown),
    tx<{ aggregate_id: string }[]>`
      select distinct aggregate_id from settlement.dead_letters
      where aggregate_id = any(${aggregateIds}::text[]) and status <> 'booked'`,
  ]);
  return {
    versions: new Map(versions.map((row) => [row.aggregate_id, row.version])),
    issues,
    parkedAggregates: new Set(parked.map((row) => row.aggregate_id)),
  };
}

/** What was told of the days that are among the messages: nearly every batch has none. */
export async function recallDays(tx: TransactionSql, placed: readonly PlacedMessage[]) {
  const days = placed.flatMap(({ content }) => ('day' in content ? content.day.data.day : []));
  if (days.length === 0) return [];
  return tx<{ event_id: string; day: string; revision: number }[]>`
    select event_id, day::text as day, revision from settlement.core_days where day = any(${days}::text[]::date[])`;
}

/** Parked messages without a place of their own, by the text of those that came: nearly every batch has none. */
async function recallUnplaced(tx: TransactionSql, digests: readonly string[], stream: Stream) {
  if (digests.length === 0) return [];
  return tx<({ digest: string } & Place)[]>`
    select digest, epoch::float8 as epoch, sequence::float8 as sequence from settlement.dead_letters
    where event_id is null and topic = ${stream.topic} and partition = ${stream.partition}
      and digest = any(${digests as string[]}::text[])`;
}

/** How the policies were issued that have a cancellation among the messages: most batches have few, and many have none. */
async function recallIssues(tx: TransactionSql, placed: readonly PlacedMessage[]): Promise<Map<string, Issue>> {
  const cancelled = placed.filter(({ content }) => 'event' in content && content.event.type === 'policy.cancelled.v1');
  if (cancelled.length === 0) return new Map();
  const rows = await tx<(Issue & { aggregateId: string })[]>`
    select t.aggregate_id as "aggregateId", l.policy_number as number, l.insurer, l.product, l.partner,
      l.premium_minor::float8 as "premiumMinor", l.commission_minor::float8 as "commissionMinor",
      coalesce(t.amounts_minor[array_position(t.accounts, ${PARTNER_EXPENSE})], 0)::float8 as "partnerCommissionMinor"
    from settlement.ledger_transactions t
    join settlement.register_lines l on l.event_id = t.event_id
    where t.aggregate_id = any(${cancelled.map((message) => message.aggregateId)}::text[]) and t.aggregate_version = 1`;
  return new Map(rows.map(({ aggregateId, ...issue }) => [aggregateId, issue]));
}
