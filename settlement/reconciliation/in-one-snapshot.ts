import type { Sql } from 'postgres';

/** A month of a million lines takes seconds; this is for what has gone wrong. */
const STATEMENT_MS = 10 * 60_000;

/** Runs queries that must not see one side later than another, and that may take longer than a service's do. */
export function inOneSnapshot<Found>(sql: Sql, work: (tx: Sql) => Promise<Found>): Promise<Found> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    await tx.unsafe(`set local statement_timeout = ${STATEMENT_MS}`);
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${STATEMENT_MS}`);
    return work(tx as unknown as Sql);
  }) as Promise<Found>;
}
