import { fillPlaceholders, sql } from 'drizzle-orm';
import { integer, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import type { outboxRow } from '#platform/outbox/append.ts';
import { core } from '../schema.ts';
import { policies } from './table.ts';

/** The outbox without what Postgres fills in itself; an insert from a select must name every column of its table. */
const outboxInsert = core.table('outbox', {
  partition: smallint('partition'),
  key: text('key'),
  eventId: uuid('event_id'),
  aggregateId: text('aggregate_id'),
  aggregateVersion: integer('aggregate_version'),
  type: text('type'),
  occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }),
  traceparent: text('traceparent'),
  data: text('data'),
});

type PolicyRow = typeof policies.$inferInsert;
type OutboxRow = ReturnType<typeof outboxRow>;

/**
 * Policy and event in one statement, one commit, one round trip: the event is selected from the policy's insert, so there
 * is neither without the other, and a key used before inserts nothing. Built once by Drizzle, run prepared by postgres.js.
 */
const STATEMENT = build();

/** Inserts a policy with its event. False when the partner has used the Idempotency-Key before; nothing is written then. */
export async function insertPolicy(client: Sql, row: { policy: PolicyRow; event: OutboxRow }): Promise<boolean> {
  const values = fillPlaceholders(STATEMENT.params, { ...row.policy, ...prefixed(row.event) });
  const rows = await client.unsafe(STATEMENT.sql, values as never[], { prepare: true });
  return rows.length === 1;
}

const prefixed = (event: OutboxRow) =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [`event_${name}`, value]));

function build() {
  const db = drizzle.mock();
  const p = (name: keyof PolicyRow) => sql.placeholder(name);
  const policy = db.$with('policy').as(
    db
      .insert(policies)
      .values({
        id: p('id'),
        number: p('number'),
        partnerId: p('partnerId'),
        idempotencyKey: p('idempotencyKey'),
        bodyDigest: p('bodyDigest'),
        status: p('status'),
        insurer: p('insurer'),
        product: p('product'),
        tariffVersion: p('tariffVersion'),
        premiumMinor: p('premiumMinor'),
        partnerCommissionMinor: p('partnerCommissionMinor'),
        risk: p('risk'),
        holder: p('holder'),
        startsOn: p('startsOn'),
        endsOn: p('endsOn'),
        issuedAt: p('issuedAt'),
      })
      .onConflictDoNothing({ target: [policies.partnerId, policies.idempotencyKey] })
      .returning({ id: policies.id }),
  );
  const e = (name: keyof OutboxRow, type: string) => sql`${sql.placeholder(`event_${name}`)}::${sql.raw(type)}`;
  const event = db.$with('event').as(
    db
      .insert(outboxInsert)
      .select((query) =>
        query
          .select({
            partition: e('partition', 'smallint').as('partition'),
            key: e('key', 'text').as('key'),
            eventId: e('eventId', 'uuid').as('event_id'),
            aggregateId: e('aggregateId', 'text').as('aggregate_id'),
            aggregateVersion: e('aggregateVersion', 'integer').as('aggregate_version'),
            type: e('type', 'text').as('type'),
            occurredAt: e('occurredAt', 'timestamptz').as('occurred_at'),
            traceparent: e('traceparent', 'text').as('traceparent'),
            data: e('data', 'text').as('data'),
          })
          .from(policy),
      )
      .returning({ partition: outboxInsert.partition }),
  );
  return db.with(policy, event).select({ id: policy.id }).from(policy).toSQL();
}
