import type { PolicyIssued } from '#contracts/events.ts';
import { rub } from '#contracts/money.ts';
import type { BenchContext } from '../bench.ts';
import type { Database } from './stand.ts';
import { INSURERS, PARTNERS, RATES_BPS, sharesOf } from './stream.ts';

/** Sides of a transaction. */
const SIDES = 5;
/** The month that the books are filled with, by Moscow; what a stream adds is of a later one. */
export const FILLED_PERIOD = '2026-10';
const FROM_MS = Date.parse('2026-10-01T00:00:00.000+03:00');
const TO_MS = Date.parse('2026-11-01T00:00:00.000+03:00');
/** Every eleventh transaction cancels the policy of so many before: never one of an eleventh, and one of the same insurer. */
const CANCELLED_EVERY = 11;
const LATER = 46;
/** Transactions of one statement, for a word on how far it is. */
const PIECE = 250_000;

/** An id whose order is that of time, the rest of it a digest (RFC 9562, version 7), out of SQL for both. */
const uuidOf = (ms: string, seed: string) =>
  `(lpad(to_hex((${ms})::bigint), 12, '0') || '7' || substr(md5(${seed}), 1, 3) || '8' || substr(md5(${seed}), 4, 15))::uuid`;

/** A list as a lookup of SQL, from 1. */
const pick = (names: readonly string[], index: string) => `(array['${names.join("','")}'])[${index}]`;

/**
 * Books as they are after a month: `entries` sides of transactions, with their register lines and balances. Written past
 * the triggers, by the owner, in the order of time. Half of all is the first insurer's.
 */
export async function fill(
  { admin }: Database,
  { entries, say, signal }: Pick<BenchContext, 'say' | 'signal'> & { entries: number },
): Promise<void> {
  const count = entries / SIDES;
  for (let from = 1; from <= count; from += PIECE) {
    signal.throwIfAborted();
    const to = Math.min(count, from + PIECE - 1);
    await admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx.unsafe(`create temporary table made on commit drop as ${madeOf({ from, to, count })}`);
      await tx`insert into settlement.ledger_transactions
          (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
        select event_id, 'policy.' || operation || '.v1', policy_id, version, operated_at, operated_at + interval '1 second',
          array['clearing:premiums', 'insurer:' || insurer || ':payable', 'income:commission:' || insurer,
            'expense:partner-commission', 'partner:' || partner || ':payable'],
          array[premium, commission - premium, -commission, partner_commission, -partner_commission]
        from made order by n`;
      await tx`insert into settlement.register_lines
        select event_id, insurer, ${FILLED_PERIOD}, operation, 'osago', policy_id, policy_number, contract_date, '2026-11-01',
          '2027-10-31', premium, ${RATES_BPS.company}::int, commission, partner, 4, operated_at, false
        from made order by n`;
    });
    if (to < count) say(`settlement: ${to * SIDES} entries of ${entries} are there`);
  }
  await admin`insert into settlement.ledger_accounts
    select account, sum(amount_minor) from settlement.ledger_postings group by account`;
  await admin`vacuum analyze`;
}

/** Transactions `from` to `to` of `count`, spread over the month. `p` is the number of the policy that one is of. */
function madeOf({ from, to, count }: { from: number; to: number; count: number }): string {
  const step = (TO_MS - FROM_MS - 1_000) / count;
  const atMs = (n: string) => `(${FROM_MS} + floor(${n} * ${step}))`;
  const share = (rateBps: number) => `(amount * ${rateBps} + 5000) / 10000`;
  return `
    select n, version, case version when 1 then 'issued' else 'cancelled' end as operation,
      ${uuidOf(atMs('n'), `'event ' || n`)} as event_id,
      'msk-' || ${uuidOf(atMs('p'), `'policy ' || p`)} as policy_id, 'MSK-' || lpad((900000000 + p)::text, 10, '0') as policy_number,
      to_timestamp(${atMs('p')}::float8 / 1000) as contract_date, to_timestamp(${atMs('n')}::float8 / 1000) as operated_at,
      ${pick(INSURERS, `case p % 2 when 0 then 1 else 2 + p / 2 % ${INSURERS.length - 1} end`)} as insurer,
      'partner-' || 1 + p / 22 % ${PARTNERS} as partner,
      sign * amount as premium, sign * (${share(RATES_BPS.company)}) as commission,
      sign * (${share(RATES_BPS.partner)}) as partner_commission
    from (
      select n, p, version, case version when 1 then 1 else -1 end as sign,
        (100000 + p * 7919 % 2000000) / version as amount
      from (
        select n, case when cancels then n - ${LATER} else n end as p, case when cancels then 2 else 1 end as version
        from (select n, n > ${LATER} and n % ${CANCELLED_EVERY} = 0 as cancels from generate_series(${from}::bigint, ${to}) n) s
      ) q
    ) r`;
}

interface Sold {
  readonly policyId: string;
  readonly number: string;
  readonly insurer: string;
  readonly issuedAt: string;
  readonly premiumMinor: number;
  readonly partner: string;
}

/** Policies from anywhere in the books that were not cancelled, at most so many. */
export async function readSold({ admin }: Database, most: number): Promise<PolicyIssued[]> {
  const rows = await admin<Sold[]>`
    select l.policy_id as "policyId", l.policy_number as number, l.insurer, l.premium_minor::float8 as "premiumMinor", l.partner,
      to_char(l.contract_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "issuedAt"
    from settlement.register_lines l
    where l.operation = 'issued' and not exists (
      select from settlement.ledger_transactions c where c.aggregate_id = l.policy_id and c.aggregate_version = 2)
    order by hashtext(l.policy_id) limit ${most}`;
  return rows.map(({ premiumMinor, partner, ...sold }) => ({
    ...sold,
    product: 'osago',
    tariffVersion: 4,
    startsOn: '2026-11-01',
    endsOn: '2027-10-31',
    premium: rub(premiumMinor),
    ...sharesOf(premiumMinor, partner),
  }));
}

/** Takes all out of the books, past the triggers, by the owner. */
export async function empty({ admin }: Database): Promise<void> {
  await admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`truncate settlement.ledger_transactions, settlement.register_lines, settlement.ledger_accounts, settlement.positions`;
  });
}
