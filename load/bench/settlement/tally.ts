import type { Sql } from 'postgres';
import type { PolicyEvent } from '#contracts/events.ts';

/** What events come to, or what the books hold: how many, register lines' sums and each account's balance, kopecks. */
export interface Tally {
  events: number;
  lines: number;
  premiumMinor: number;
  commissionMinor: number;
  readonly balances: Map<string, number>;
}

export const nothing = (): Tally => ({
  events: 0,
  lines: 0,
  premiumMinor: 0,
  commissionMinor: 0,
  balances: new Map(),
});

/** Adds an event: told here anew, and not by what books it. */
export function addTo(tally: Tally, { type, data }: PolicyEvent): void {
  const [sign, paid] = type === 'policy.issued.v1' ? [1, data.premium] : [-1, data.refund];
  const premiumMinor = sign * paid.amountMinor;
  const commissionMinor = sign * data.commission.amount.amountMinor;
  const partnerMinor = sign * data.partner.commission.amount.amountMinor;
  tally.events += 1;
  tally.lines += 1;
  tally.premiumMinor += premiumMinor;
  tally.commissionMinor += commissionMinor;
  move(tally.balances, 'clearing:premiums', premiumMinor);
  move(tally.balances, `insurer:${data.insurer}:payable`, commissionMinor - premiumMinor);
  move(tally.balances, `income:commission:${data.insurer}`, -commissionMinor);
  move(tally.balances, 'expense:partner-commission', partnerMinor);
  move(tally.balances, `partner:${data.partner.id}:payable`, -partnerMinor);
}

function move(balances: Map<string, number>, account: string, byMinor: number): void {
  balances.set(account, (balances.get(account) ?? 0) + byMinor);
}

/** What the books hold now. */
export async function readTally(sql: Sql): Promise<Tally> {
  const [row] = await sql<[Omit<Tally, 'balances'>]>`
    select (select count(*)::float8 from settlement.ledger_transactions) as events, count(*)::float8 as lines,
      coalesce(sum(premium_minor), 0)::float8 as "premiumMinor", coalesce(sum(commission_minor), 0)::float8 as "commissionMinor"
    from settlement.register_lines`;
  const accounts = await sql<{ id: string; balance: number }[]>`
    select id, balance_minor::float8 as balance from settlement.ledger_accounts`;
  return { ...row, balances: new Map(accounts.map(({ id, balance }) => [id, balance])) };
}

/** The gate: the books hold so much more than before, to the kopeck. */
export function requireMore({ before, after, tally }: { before: Tally; after: Tally; tally: Tally }): void {
  for (const what of ['events', 'lines', 'premiumMinor', 'commissionMinor'] as const) {
    require(what, after[what] - before[what], tally[what]);
  }
  for (const account of new Set([...after.balances.keys(), ...tally.balances.keys()])) {
    const moved = (after.balances.get(account) ?? 0) - (before.balances.get(account) ?? 0);
    require(account, moved, tally.balances.get(account) ?? 0);
  }
}

function require(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`Wrong: ${what} grew by ${found}, not by ${wanted}`);
}

/** The gate of the ledger as a whole: each balance is the sum of its account's sides. */
export async function requireBalances(sql: Sql): Promise<void> {
  const wrong = await sql`
    select id from settlement.ledger_accounts a full join (
      select account as id, sum(amount_minor) as balance from settlement.ledger_postings group by account
    ) p using (id) where balance_minor is distinct from balance`;
  if (wrong.length > 0) throw new Error(`Wrong: the balances of ${wrong.map(({ id }) => id).join(', ')}`);
}
