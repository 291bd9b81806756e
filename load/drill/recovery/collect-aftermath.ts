import type { Sql } from 'postgres';
import { findLost } from '../../../local/backup/find-lost.ts';
import { collectEvidence } from '../collect-evidence.ts';
import type { Stand } from '../stand.ts';
import type { BuyersBooks } from '../verdict.ts';
import type { Aftermath, Parked } from './judge.ts';

/** Reads all that there is after a region was put back, and what is told to its operator. */
export async function collectAftermath(stand: Stand, books: BuyersBooks): Promise<Aftermath> {
  const evidence = await collectEvidence(stand, books);
  return { evidence, ...(await stand.asAdmin(readRest)) };
}

async function readRest(sql: Sql): Promise<Omit<Aftermath, 'evidence'>> {
  const stopped = await sql<{ partition: number }[]>`
    select partition from settlement.positions where stopped_at is not null order by partition`;
  const parked = await sql<Parked[]>`
    select event_id as "eventId", aggregate_id as "aggregateId", reason from settlement.dead_letters`;
  const sides = await sql<{ eventId: string; account: string; amount: number }[]>`
    select event_id as "eventId", account, amount_minor::float8 as amount from settlement.ledger_postings
    where event_id not in (select event_id from core.outbox)`;
  const moved = new Map<string, Map<string, number>>();
  for (const { eventId, account, amount } of sides) {
    const of = moved.get(eventId) ?? new Map<string, number>();
    moved.set(eventId, of.set(account, (of.get(account) ?? 0) + amount));
  }
  return { stopped: stopped.map(({ partition }) => partition), parked: [...parked], named: await findLost(sql), moved };
}
