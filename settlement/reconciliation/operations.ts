import type { Span } from '../registers/span-of.ts';

/** An operation of a policy as one side of the books has it; amounts in kopecks, none below zero. */
export interface BookedOperation {
  readonly eventId: string;
  readonly day: string;
  readonly insurer: string;
  readonly policyId: string;
  readonly operation: 'issued' | 'cancelled';
  readonly premiumMinor: number;
  readonly commissionMinor: number;
}

/** The operations of one insurer on one day. */
export interface DayOfInsurer {
  readonly span: Span;
  readonly insurer: string;
}

const DAY = (column: string) => `(${column} at time zone 'Europe/Moscow')::date::text`;

/**
 * The operations of a span, `$1` to `$2`, out of the ledger alone: insurer and amounts are read off the sides. Only a
 * cancellation of nothing has none; whose it is, its register line says.
 */
export const LEDGER_OPERATIONS = `
select t.event_id as "eventId", ${DAY('t.occurred_at')} as day,
  coalesce(s.insurer, (select l.insurer from settlement.register_lines l where l.event_id = t.event_id)) as insurer,
  t.aggregate_id as "policyId", split_part(t.type, '.', 2) as operation,
  abs(s.premium) as "premiumMinor", abs(s.commission) as "commissionMinor"
from settlement.ledger_transactions t
cross join lateral (
  select max(case when account like 'insurer:%' then split_part(account, ':', 2)
      when account like 'income:commission:%' then split_part(account, ':', 3) end) as insurer,
    coalesce(sum(amount) filter (where account = 'clearing:premiums'), 0)::bigint as premium,
    coalesce(-sum(amount) filter (where account like 'income:commission:%'), 0)::bigint as commission
  from unnest(t.accounts, t.amounts_minor) as side(account, amount)
) s
where t.occurred_at >= $1::text::timestamptz and t.occurred_at < $2::text::timestamptz`;

const REGISTER_ROW = `
select l.event_id as "eventId", ${DAY('l.operated_at')} as day, l.insurer, l.policy_id as "policyId", l.operation,
  abs(l.premium_minor) as "premiumMinor", abs(l.commission_minor) as "commissionMinor"
from settlement.register_lines l`;

/**
 * The same out of the registers: sales by their contract date in the months of the span, and the few others, cancellations
 * and adjustments in whichever month they stand, by an index of their own.
 */
export const REGISTER_OPERATIONS = `
${REGISTER_ROW}
where l.period >= to_char($1::text::timestamptz at time zone 'Europe/Moscow', 'YYYY-MM')::char(7)
  and l.period <= to_char(($2::text::timestamptz - interval '1 microsecond') at time zone 'Europe/Moscow', 'YYYY-MM')::char(7)
  and l.contract_date >= $1::text::timestamptz and l.contract_date < $2::text::timestamptz
  and l.operation = 'issued' and not l.is_late
union all
${REGISTER_ROW}
where l.operated_at >= $1::text::timestamptz and l.operated_at < $2::text::timestamptz
  and (l.operation <> 'issued' or l.is_late)`;

export const inSpan = ({ from, to }: Span): [string, string] => [from.toISOString(), to.toISOString()];

/** Of one insurer, or of all when the parameter is null. */
export const ofInsurer = (parameter: number): string =>
  `($${parameter}::text is null or insurer = $${parameter}::text)`;
