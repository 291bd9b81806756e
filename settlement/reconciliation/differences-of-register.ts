import type { Sql } from 'postgres';
import type { Difference } from '#contracts/reconciliation.ts';
import { toAmounts } from './amounts.ts';
import {
  type BookedOperation,
  type DayOfInsurer,
  inSpan,
  LEDGER_OPERATIONS,
  REGISTER_OPERATIONS,
} from './operations.ts';

interface RegisterRow extends Pick<BookedOperation, 'policyId' | 'operation' | 'day'> {
  readonly ledgerPremium: number | null;
  readonly ledgerCommission: number | null;
  readonly registerPremium: number | null;
  readonly registerCommission: number | null;
}

/** Told of a day at most; the sums say how much more there is. */
const MOST_NAMED = 1_000;

/** Names the policies in which the register does not say what the ledger says of a day of an insurer, off their rows. */
export async function differencesOfRegister(sql: Sql, { span, insurer }: DayOfInsurer): Promise<Difference[]> {
  const rows = await sql.unsafe<RegisterRow[]>(
    `select coalesce(g."policyId", r."policyId") as "policyId", coalesce(g.operation, r.operation) as operation,
       coalesce(g.day, r.day) as day,
       g."premiumMinor"::float8 as "ledgerPremium", g."commissionMinor"::float8 as "ledgerCommission",
       r."premiumMinor"::float8 as "registerPremium", r."commissionMinor"::float8 as "registerCommission"
     from (select * from (${LEDGER_OPERATIONS}) g where insurer = $3) g
     full join (select * from (${REGISTER_OPERATIONS}) r where insurer = $3) r using ("eventId")
     where (g.operation, g."premiumMinor", g."commissionMinor") is distinct from (r.operation, r."premiumMinor", r."commissionMinor")
     order by 1, 2 limit ${MOST_NAMED}`,
    [...inSpan(span), insurer] as never[],
  );
  return rows.map(({ policyId, operation, day, ...row }): Difference => {
    const ledger = sideOf(row.ledgerPremium, row.ledgerCommission);
    const register = sideOf(row.registerPremium, row.registerCommission);
    const detail = !register
      ? 'booked, and in no register'
      : ledger
        ? 'the register has other amounts than the ledger'
        : 'in the register, and not booked';
    return {
      kind: 'register',
      day,
      insurer,
      policyId,
      operation,
      ...(ledger && { ledger }),
      ...(register && { register }),
      detail,
    };
  });
}

const sideOf = (premiumMinor: number | null, commissionMinor: number | null) =>
  premiumMinor === null || commissionMinor === null ? undefined : toAmounts({ premiumMinor, commissionMinor });
