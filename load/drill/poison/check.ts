import type { Sql } from 'postgres';
import type { Expected } from './expected.ts';
import { serialOf } from './policy.ts';

const PAGE = 20_000;
/** Faults of one sort that are told. */
const MOST_TOLD = 5;

/** Compares the books with what they must say; answers what is wrong, in sentences. */
export async function checkBooks(sql: Sql, expected: Expected): Promise<string[]> {
  return [
    ...(await checkBooked(sql, expected)),
    ...(await checkBalances(sql, expected)),
    ...(await checkParked(sql, expected)),
    ...(await checkPositions(sql)),
  ];
}

async function checkBooked(sql: Sql, { booked }: Expected): Promise<string[]> {
  const seen = new Uint8Array(booked.length);
  const faults: string[] = [];
  const rows = sql<{ event_id: string; premium: number | null }[]>`
    select event_id, premium_minor::float8 as premium
    from settlement.ledger_transactions left join settlement.register_lines using (event_id)`;
  for await (const page of rows.cursor(PAGE)) {
    for (const { event_id: id, premium } of page) {
      const serial = serialOf(id);
      const wanted = booked[serial];
      if (wanted === undefined || Number.isNaN(wanted)) faults.push(`event ${id} is booked and must not be`);
      // Minus nothing is nothing.
      else if (premium === null || premium - wanted !== 0)
        faults.push(`event ${id} is in the register at ${premium}, not ${wanted}`);
      seen[serial] = (seen[serial] ?? 0) + 1;
    }
  }
  booked.forEach((wanted, serial) => {
    const times = seen[serial] ?? 0;
    if (!Number.isNaN(wanted) && times !== 1) faults.push(`event number ${serial} is booked ${times} times`);
  });
  const [lines] = await sql<{ count: number }[]>`select count(*)::int as count from settlement.register_lines`;
  const all = booked.reduce((sum, wanted) => sum + (Number.isNaN(wanted) ? 0 : 1), 0);
  if (lines?.count !== all) faults.push(`the registers have ${lines?.count} lines, not ${all}`);
  return told(faults);
}

async function checkBalances(sql: Sql, { balances }: Expected): Promise<string[]> {
  const rows = await sql<{ id: string; balance: number }[]>`
    select id, balance_minor::float8 as balance from settlement.ledger_accounts`;
  const [sums] = await sql<{ posted: string; balances: string; astray: number }[]>`
    with posted as (select account, sum(amount_minor) as sum from settlement.ledger_postings group by account)
    select (select coalesce(sum(sum), 0)::text from posted) as posted,
      (select coalesce(sum(balance_minor), 0)::text from settlement.ledger_accounts) as balances,
      (select count(*)::int from settlement.ledger_accounts a left join posted p on p.account = a.id
        where p.sum is distinct from a.balance_minor) as astray`;
  const found = new Map(rows.map(({ id, balance }) => [id, balance]));
  return [
    ...(sums?.posted === '0' && sums.balances === '0'
      ? []
      : [`the ledger sums to ${sums?.posted}, its accounts to ${sums?.balances}`]),
    ...(sums?.astray === 0 ? [] : [`${sums?.astray} balances are not the sum of their postings`]),
    ...differences(found, balances, 'account'),
  ];
}

async function checkParked(sql: Sql, { parked }: Expected): Promise<string[]> {
  const found = new Map<string, number>();
  const rows = sql<{ key: string; count: number }[]>`
    select encode(sha256(raw), 'hex') || ' ' || reason as key, count(*)::int as count
    from settlement.dead_letters where status = 'parked' group by 1`;
  for await (const page of rows.cursor(PAGE)) for (const { key, count } of page) found.set(key, count);
  return differences(found, parked, 'dead letter');
}

async function checkPositions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ partition: number; said: string }[]>`
    select partition, stopped_reason || ' at ' || epoch || '/' || sequence as said
    from settlement.positions where stopped_reason is not null order by partition`;
  return rows.map(({ partition, said }) => `partition ${partition} is stopped: ${said}`);
}

function differences(found: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>, what: string): string[] {
  const keys = new Set([...found.keys(), ...wanted.keys()]);
  const faults = [...keys].flatMap((key) => {
    const [is, must] = [found.get(key) ?? 0, wanted.get(key) ?? 0];
    return is === must ? [] : `${what} ${key}: ${is} instead of ${must}`;
  });
  return told(faults);
}

const told = (faults: readonly string[]): string[] =>
  faults.length <= MOST_TOLD
    ? [...faults]
    : [...faults.slice(0, MOST_TOLD), `and ${faults.length - MOST_TOLD} more of the kind`];
