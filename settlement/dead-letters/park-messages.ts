import type { TransactionSql } from 'postgres';
import type { Parked } from '../intake/plan-batch.ts';
import { digestOf } from '../intake/read-message.ts';
import { whereaboutsOf } from './whereabouts-of.ts';

/** Keeps messages that cannot be handled, whole, with the reason. One parked before is not parked again. */
export async function parkMessages(
  tx: TransactionSql,
  parked: readonly Parked[],
  { topic, partition, parkedAt }: { topic: string; partition: number; parkedAt: Date },
): Promise<void> {
  if (parked.length === 0) return;
  const whereabouts = parked.map(({ message }) => whereaboutsOf(message));
  await tx`
    insert into settlement.dead_letters
      (topic, partition, epoch, sequence, event_id, aggregate_id, reason, detail, raw, digest, parked_at, insurer, occurred_at)
    select ${topic}::text, ${partition}::smallint, d.epoch, d.sequence, d.event_id, d.aggregate_id, d.reason, d.detail,
      decode(d.raw, 'base64'), d.digest, ${parkedAt.toISOString()}::timestamptz, d.insurer, d.occurred_at::timestamptz
    from unnest(
      ${parked.map(({ place }) => place.epoch)}::bigint[],
      ${parked.map(({ place }) => place.sequence)}::bigint[],
      ${parked.map(({ message }) => (message.placed ? message.eventId : null))}::uuid[],
      ${parked.map(({ message }) => message.aggregateId)}::text[],
      ${parked.map(({ refusal }) => refusal.reason)}::text[],
      ${parked.map(({ refusal }) => refusal.detail)}::text[],
      ${parked.map(({ message }) => Buffer.from(message.raw).toString('base64'))}::text[],
      ${parked.map(({ message }) => (message.placed ? digestOf(message.raw) : message.digest))}::text[],
      ${whereabouts.map(({ insurer }) => insurer)}::text[],
      ${whereabouts.map(({ occurredAt }) => occurredAt)}::text[]
    ) as d(epoch, sequence, event_id, aggregate_id, reason, detail, raw, digest, insurer, occurred_at)
    on conflict do nothing`;
}
