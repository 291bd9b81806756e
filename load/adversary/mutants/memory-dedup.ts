import type { Sql } from 'postgres';
import { PolicyEvent } from '#contracts/events.ts';
import type { Batch } from '#platform/events/transport.ts';
import { postingsOf } from '../../../settlement/ledger/postings-of.ts';

/** The books of a consumer that knows duplicates from memory have nothing that would refuse one. */
export const WITHOUT_UNIQUE_BOOKS = `
  alter table settlement.ledger_transactions drop constraint ledger_transactions_pkey cascade;
  alter table settlement.ledger_transactions drop constraint ledger_transactions_version;
  alter table settlement.ledger_transactions disable trigger all;`;

/** Books what it has not seen in this life. Killed after its commit and before its acknowledgement, it books it again. */
export function bookFromMemory(sql: Sql): (batch: Batch) => Promise<void> {
  const seen = new Set<string>();
  return async ({ messages }) => {
    const events = messages.flatMap(({ value }) => PolicyEvent.safeParse(JSON.parse(value)).data ?? []);
    const fresh = events.filter(({ eventId }) => !seen.has(eventId));
    await sql.begin(async (tx) => {
      for (const event of fresh) await book(tx as unknown as Sql, event);
    });
    for (const { eventId } of fresh) seen.add(eventId);
  };
}

async function book(sql: Sql, event: PolicyEvent): Promise<void> {
  const { eventId, type, aggregateId, aggregateVersion, occurredAt } = event;
  const sides = postingsOf(event);
  await sql`insert into settlement.ledger_transactions
    (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
    values (${eventId}, ${type}, ${aggregateId}, ${aggregateVersion}, ${occurredAt}, now(),
      ${sides.map(({ account }) => account)}::text[], ${sides.map(({ amountMinor }) => amountMinor)}::bigint[])`;
  for (const { account, amountMinor } of sides) {
    await sql`insert into settlement.ledger_accounts as a (id, balance_minor) values (${account}, ${amountMinor})
      on conflict (id) do update set balance_minor = a.balance_minor + excluded.balance_minor`;
  }
}
