import type { Sql } from 'postgres';

/** What happened to a policy, as the ledger has it from the events, and core has lost. */
export interface Lost {
  readonly policyId: string;
  readonly number: string;
  readonly operation: 'issued' | 'cancelled';
  readonly insurer: string;
  readonly partner: string;
  /** Kopecks; of a cancellation what it gives back, below zero. */
  readonly premiumMinor: number;
  /** RFC 3339. */
  readonly operatedAt: string;
  readonly eventId: string;
}

/**
 * What a region that was put back has sold or cancelled and does not know of: booked from Kafka, and not in core's
 * tables. The administrator sees both; no service does. In the order of time.
 */
export async function findLost(sql: Sql): Promise<Lost[]> {
  return [
    ...(await sql<Lost[]>`
      select l.policy_id as "policyId", l.policy_number as number, l.operation, l.insurer, l.partner,
        l.premium_minor::float8 as "premiumMinor", l.event_id as "eventId",
        to_char(l.operated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "operatedAt"
      from settlement.register_lines l left join core.policies p on p.id = l.policy_id
      where p.id is null or (l.operation = 'cancelled' and p.status <> 'cancelled')
      order by l.operated_at, l.event_id`),
  ];
}
