import type { Sql } from 'postgres';
import type { EventEnvelope } from '#contracts/events.ts';
import type { TopicLog } from './topic/topic-log.ts';

/** That an aggregate came to a version: what an event tells. */
export interface Fact {
  readonly aggregateId: string;
  readonly version: number;
}

/** An event of the outbox, the ledger or the dead letters. */
export interface Told extends Fact {
  readonly eventId: string;
}

/** What a policy moved when it was issued and, later, cancelled, in kopecks. */
export interface Sold {
  readonly policyId: string;
  readonly insurer: string;
  readonly partnerId: string;
  readonly premiumMinor: number;
  readonly partnerCommissionMinor: number;
  /** Null: not cancelled. */
  readonly refundMinor: number | null;
}

/** All that is there at the end, from each place as it is. */
export interface Evidence {
  /** What the writers were told is committed, as `aggregateId/version`. */
  readonly acknowledged: ReadonlySet<string>;
  /** By the state of the aggregates themselves, not by the outbox. */
  readonly happened: readonly Fact[];
  readonly sold: readonly Sold[];
  /** What retention has left of it, of policies. */
  readonly outbox: readonly (Told & { readonly data: string })[];
  /** Each partition in its order. */
  readonly topic: readonly (readonly EventEnvelope[])[];
  readonly booked: readonly Told[];
  readonly parked: readonly Told[];
  readonly positions: readonly { readonly partition: number; readonly epoch: number; readonly sequence: number }[];
  /** Sums of the postings, and what the accounts say, in kopecks. */
  readonly posted: ReadonlyMap<string, bigint>;
  readonly balances: ReadonlyMap<string, bigint>;
}

/** Reads the evidence, by the administrator and by plain SQL: none of it goes through the code under attack. */
export async function collectEvidence(
  admin: Sql,
  { log, acknowledged }: { log: TopicLog; acknowledged: ReadonlySet<string> },
): Promise<Evidence> {
  const told = { aggregateId: admin`aggregate_id as "aggregateId"`, eventId: admin`event_id as "eventId"` };
  const [sold, amended, outbox, booked, parked, positions, posted, balances] = await Promise.all([
    admin<Sold[]>`
      select id as "policyId", insurer, partner_id as "partnerId", premium_minor::float8 as "premiumMinor",
        partner_commission_minor::float8 as "partnerCommissionMinor", refund_minor::float8 as "refundMinor"
      from core.policies`,
    admin<Fact[]>`
      select id as "aggregateId", v as version from adversary.aggregates, generate_series(2, version) v`,
    admin<(Told & { data: string })[]>`
      select ${told.aggregateId}, aggregate_version as version, ${told.eventId}, data from core.outbox
      where type like 'policy.%'`,
    admin<Told[]>`
      select ${told.aggregateId}, aggregate_version as version, ${told.eventId} from settlement.ledger_transactions`,
    admin<Told[]>`
      select ${told.aggregateId}, ${told.eventId},
        (convert_from(raw, 'UTF8')::jsonb ->> 'aggregateVersion')::int as version
      from settlement.dead_letters`,
    admin<{ partition: number; epoch: number; sequence: number }[]>`
      select partition, epoch::float8 as epoch, sequence::float8 as sequence from settlement.positions`,
    admin<Amount[]>`
      select account, sum(amount_minor)::text as amount from settlement.ledger_postings group by account`,
    admin<Amount[]>`select id as account, balance_minor::text as amount from settlement.ledger_accounts`,
  ]);
  return {
    acknowledged,
    happened: [...sold.flatMap(factsOf), ...amended],
    sold,
    outbox,
    topic: log.events(),
    booked,
    parked,
    positions,
    posted: byAccount(posted),
    balances: byAccount(balances),
  };
}

interface Amount {
  readonly account: string;
  readonly amount: string;
}

const byAccount = (rows: readonly Amount[]) => new Map(rows.map(({ account, amount }) => [account, BigInt(amount)]));

const factsOf = ({ policyId, refundMinor }: Sold): Fact[] =>
  [1, 2].slice(0, refundMinor === null ? 1 : 2).map((version) => ({ aggregateId: policyId, version }));
