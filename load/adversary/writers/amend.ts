import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import { partitionOf } from '#platform/outbox/partition.ts';

/**
 * The ways in which a transaction comes to hold an aggregate's row. They differ in when it takes its xid: before it waits
 * for the row, after, or before all else, so that the order of xids is not that of versions.
 */
const WAYS = ['lock', 'update', 'write-first', 'statement', 'advisory'] as const;

/** A type that settlement does not know: it parks these, each once. */
export const AMENDED = 'policy.amended.v1';

interface Amending {
  readonly aggregateId: string;
  readonly random: () => number;
}

/** Appends the next version of an aggregate that others want too. Answers the version; undefined when it was rolled back. */
export async function amend(sql: Sql, { aggregateId, random }: Amending): Promise<number | undefined> {
  const way = WAYS[Math.floor(random() * WAYS.length)];
  if (way === 'statement') return amendAtOnce(sql, aggregateId);
  const rollBack = random() < 0.1;
  let version: number | undefined;
  const given = new Error('rolled back on purpose');
  const transaction = sql.begin(async (tx) => {
    if (way === 'lock') await tx`select from adversary.aggregates where id = ${aggregateId} for update`;
    if (way === 'write-first') await tx`select pg_current_xact_id()`;
    if (way === 'advisory') await tx`select pg_advisory_xact_lock(hashtext(${aggregateId}))`;
    version = await amendAtOnce(tx, aggregateId);
    if (rollBack) throw given;
  });
  await transaction.catch((error: unknown) => {
    if (error !== given) throw error;
  });
  return rollBack ? undefined : version;
}

async function amendAtOnce(sql: Sql | TransactionSql, aggregateId: string): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    with aggregate as (
      update adversary.aggregates set version = version + 1 where id = ${aggregateId} returning id, version
    )
    insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    select ${partitionOf(aggregateId, POLICIES.partitions)}, id, ${randomUUID()}, id, version, ${AMENDED}, now(), '{}'
    from aggregate returning aggregate_version as version`;
  if (!row) throw new Error(`There is no aggregate "${aggregateId}" to amend`);
  return row.version;
}
