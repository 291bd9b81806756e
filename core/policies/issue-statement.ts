import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import type { outboxRow } from '#platform/outbox/append.ts';
import { isDatabaseAway } from '#platform/problem/database-away.ts';
import { outboxInsert } from '../outbox/outbox-insert.ts';
import { gather } from './gather.ts';
import { policies } from './table.ts';

/** A policy with the event that tells of it. */
export interface Issue {
  readonly policy: typeof policies.$inferInsert;
  readonly event: ReturnType<typeof outboxRow>;
  /** Why it must not be sent to the database any more; undefined while it may. */
  readonly refusal?: () => Error | undefined;
}

/** Inserts a policy with its event; false when the partner has used the Idempotency-Key before: then nothing is written. */
export type InsertPolicy = (issue: Issue) => Promise<boolean>;

/** Policies that come at once go to the database together, each with its own outcome; one refused meanwhile is not sent. */
export const createInsertPolicy = (client: Sql): InsertPolicy =>
  gather({
    run: (issues: readonly Issue[]) => insertPolicies(client, issues),
    isUnknown: isDatabaseAway,
    refusalOf: ({ refusal }) => refusal?.(),
  });

/**
 * Policies and their events in one statement, one commit, one round trip: events are selected from the policies' insert,
 * so there is neither without the other, and a key used before inserts nothing. However many rows, it is the same text
 * with one parameter: built once by Drizzle, run prepared by postgres.js.
 */
const STATEMENT = build();

/**
 * Inserts policies with their events, all or none. False for one whose partner has used the Idempotency-Key before, in an
 * earlier row too: of that nothing is written.
 */
export async function insertPolicies(client: Sql, issues: readonly Issue[]): Promise<boolean[]> {
  // In the order of their keys, whoever inserts them: two statements that wait for each other's would be a deadlock.
  const rows = issues
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map(({ policy, event }) => ({ ...policy, ...event }));
  const inserted = await client.unsafe(STATEMENT, [JSON.stringify(rows)], { prepare: true });
  const ids = new Set(inserted.map((row) => row['id']));
  return issues.map(({ policy }) => ids.has(policy.id));
}

const keyOf = ({ policy }: Issue) => `${policy.partnerId} ${policy.idempotencyKey}`;

function build(): string {
  const db = drizzle.mock();
  const [ofPolicy, ofEvent] = [getTableColumns(policies), getTableColumns(outboxInsert)];
  // Named as in the rows themselves; a column that they do not name is null.
  const incoming = db.$with('incoming', {}).as(sql`
    select * from json_to_recordset(${sql.placeholder('rows')}::text::json) as r(${typed({ ...ofPolicy, ...ofEvent })})`);
  const policy = db.$with('policy').as(
    db
      .insert(policies)
      .select(sql`select ${names(ofPolicy)} from incoming`)
      .onConflictDoNothing({ target: [policies.partnerId, policies.idempotencyKey] })
      .returning({ id: policies.id }),
  );
  const event = db.$with('event').as(
    db
      .insert(outboxInsert)
      .select(sql`select ${names(ofEvent)} from incoming join policy on policy.id = incoming."aggregateId"`)
      .returning({ partition: outboxInsert.partition }),
  );
  return db.with(incoming, policy, event).select({ id: policy.id }).from(policy).toSQL().sql;
}

type Columns = Record<string, PgColumn>;

function names(columns: Columns): SQL {
  return sql.join(
    Object.keys(columns).map((name) => sql.identifier(name)),
    sql`, `,
  );
}

function typed(columns: Columns): SQL {
  return sql.join(
    Object.entries(columns).map(([name, column]) => sql`${sql.identifier(name)} ${sql.raw(column.getSQLType())}`),
    sql`, `,
  );
}
