import { and, eq, fillPlaceholders, getTableColumns, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import type { outboxRow } from '#platform/outbox/append.ts';
import { outboxInsert } from '../outbox/outbox-insert.ts';
import { policies } from './table.ts';

/** A cancellation with the event that tells of it. */
export interface Cancel {
  readonly policyId: string;
  readonly cancelledAt: string;
  readonly cancelKey: string;
  readonly cancelDigest: string;
  readonly cancelReason: string;
  readonly refundMinor: number;
  readonly event: ReturnType<typeof outboxRow>;
}

/**
 * Policy and event in one statement, one commit, one round trip: the event is selected from the policy's update, so it takes
 * its id under the lock of the row, after the event of the issue. Built once by Drizzle, run prepared by postgres.js.
 */
const STATEMENT = build();

/** Cancels a policy. False when it is cancelled already, or the partner's key stands for another policy; nothing is written. */
export async function updateCancelled(client: Sql, { event, ...cancel }: Cancel): Promise<boolean> {
  const values = fillPlaceholders(STATEMENT.params, { ...cancel, ...event });
  try {
    const rows = await client.unsafe(STATEMENT.sql, values as never[], { prepare: true });
    return rows.length === 1;
  } catch (error) {
    if (isKeyTaken(error)) return false;
    throw error;
  }
}

const UNIQUE_VIOLATION = '23505';

const isKeyTaken = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === UNIQUE_VIOLATION &&
  'constraint_name' in error &&
  error.constraint_name === 'policies_cancel_idempotency';

function build() {
  const db = drizzle.mock();
  const given = (name: keyof Omit<Cancel, 'event'>) => sql`${sql.placeholder(name)}`;
  const cancelled = db.$with('cancelled').as(
    db
      .update(policies)
      .set({
        status: 'cancelled',
        cancelledAt: given('cancelledAt'),
        cancelKey: given('cancelKey'),
        cancelDigest: given('cancelDigest'),
        cancelReason: given('cancelReason'),
        refundMinor: given('refundMinor'),
      })
      .where(and(eq(policies.id, given('policyId')), eq(policies.status, 'issued')))
      .returning({ id: policies.id }),
  );
  const ofEvent = Object.entries(getTableColumns(outboxInsert)).map(
    ([name, column]) => sql`${sql.placeholder(name)}::${sql.raw(column.getSQLType())}`,
  );
  const event = db.$with('event').as(
    db
      .insert(outboxInsert)
      .select(sql`select ${sql.join(ofEvent, sql`, `)} from ${cancelled}`)
      .returning({ partition: outboxInsert.partition }),
  );
  return db.with(cancelled, event).select({ id: cancelled.id }).from(cancelled).toSQL();
}
