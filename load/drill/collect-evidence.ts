import type { Sql } from 'postgres';
import type { BookedRow, Evidence, PolicyRow, TypedRow } from './evidence.ts';
import { PARTNER } from './plan-region.ts';
import { readTopic } from './read-topic.ts';
import type { Stand } from './stand.ts';
import type { BuyersBooks } from './verdict.ts';

/** Where evidence is. */
export interface Scene extends Pick<Stand, 'asAdmin'> {
  /** Absent: a region without Kafka. */
  readonly kafka: { readonly brokers: string } | undefined;
}

/** Reads what every place has, each by its own means: the tables by SQL, the topic by a reader from its beginning. */
export async function collectEvidence(stand: Scene, buyers: BuyersBooks): Promise<Evidence> {
  const topic = stand.kafka && (await readTopic(stand.kafka.brokers));
  const tables = await stand.asAdmin(readTables);
  return { ...buyers, ...tables, ...(topic && { topic }), partnerRateBps: PARTNER.commissionRateBps };
}

async function readTables(sql: Sql) {
  const [postings, accounts, [dead]] = [
    await sql<{ id: string; amount: number }[]>`
      select account as id, sum(amount_minor)::float8 as amount from settlement.ledger_postings group by account`,
    await sql<{ id: string; amount: number }[]>`
      select id, balance_minor::float8 as amount from settlement.ledger_accounts`,
    await sql<{ count: number }[]>`select count(*)::int as count from settlement.dead_letters`,
  ];
  return {
    policies: await readPolicies(sql),
    outbox: await readOutbox(sql),
    booked: await readBooked(sql),
    postings: new Map(postings.map(({ id, amount }) => [id, amount])),
    accounts: new Map(accounts.map(({ id, amount }) => [id, amount])),
    deadLetters: dead?.count ?? 0,
  };
}

async function readPolicies(sql: Sql): Promise<PolicyRow[]> {
  return [
    ...(await sql<PolicyRow[]>`
      select p.id, p.idempotency_key as key, p.number, p.insurer, p.partner_id as partner, p.status,
        p.premium_minor::float8 as "premiumMinor", p.refund_minor::float8 as "refundMinor",
        t.commission_rate_bps as "rateBps"
      from core.policies p
      join core.tariffs t on t.insurer = p.insurer and t.product = p.product and t.version = p.tariff_version`),
  ];
}

async function readOutbox(sql: Sql): Promise<TypedRow[]> {
  return [
    ...(await sql<TypedRow[]>`
      select event_id as "eventId", aggregate_id as "aggregateId", aggregate_version as version, type
      from core.outbox order by id`),
  ];
}

async function readBooked(sql: Sql): Promise<BookedRow[]> {
  return [
    ...(await sql<BookedRow[]>`
      select event_id as "eventId", aggregate_id as "aggregateId", aggregate_version as version,
        (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::float8 as "committedAt"
      from settlement.ledger_transactions`),
  ];
}
