import { createHash } from 'node:crypto';
import { Registry } from 'prom-client';
import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { POLICIES } from '#contracts/topics.ts';
import type { Batch } from '#platform/events/transport.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestDatabase } from '#platform/postgres/testing.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createSettlementApp } from './app.ts';
import type { SettlementContext } from './context.ts';
import { observeDeadLetters } from './dead-letters/observe-dead-letters.ts';
import { createBooks } from './intake/write-books.ts';
import { createMetrics } from './metrics.ts';
import { observeStopped } from './positions/observe-stopped.ts';
import { observeDays } from './reconciliation/observe-days.ts';
import { observeRegisters } from './registers/observe-registers.ts';

/** What operators of the test's settlement have. */
export const OPERATOR_TOKEN = 'operator-token-for-tests-only-32chars';

/** A call of the operator's; GET unless it says otherwise. A body is sent as JSON. */
export interface OperatorCall {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The partition of all test batches. */
export const PARTITION = 3;

/** A context on a database of its own, as main.ts makes it. `admin` owns the tables; `reset` empties the books, which only an owner can. */
export async function createTestContext() {
  const database = await createTestDatabase();
  const log = createLogger({ service: 'ins-comp-settlement', region: 'msk', level: 'silent' });
  const registry = new Registry();
  const own = openPostgres({ url: database.url('settlement'), name: 'test', log });
  const admin = openPostgres({ url: database.adminUrl, name: 'test-admin', log, max: 1 });
  const { sql, db } = own;
  const clock = { at: NOW };
  const now = () => clock.at;
  const books = createBooks({ sql, now });
  const ctx: SettlementContext = { region: 'msk', db, sql, books, log, now, metrics: createMetrics(registry) };
  for (const observe of [observeStopped, observeDeadLetters, observeDays, observeRegisters]) observe(registry, ctx);
  const health = { ready: true, checks: { database: async () => void (await sql`select 1`) } };
  const app = createSettlementApp(ctx, { config: { OPERATOR_TOKEN }, registry, health });
  return {
    ctx,
    registry,
    app,
    /** Asks the operator's API. */
    operate: (path: string, { method = 'GET', body, headers = {} }: OperatorCall = {}) =>
      app.request(path, {
        method,
        headers: {
          authorization: `Bearer ${OPERATOR_TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    /** What the context takes for now; `reset` puts it back. */
    clock,
    databaseUrl: database.url('settlement'),
    admin: admin.sql,
    async reset() {
      clock.at = NOW;
      await emptyBooks(admin.sql);
    },
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      await admin[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const NOW = new Date('2026-11-22T10:00:05.000Z');

/** Emptied by delete: on a few rows it is several times faster than truncate. */
const TABLES = [
  'register_lines',
  'register_closings',
  'ledger_transactions',
  'ledger_accounts',
  'positions',
  'dead_letter_actions',
  'dead_letters',
  'core_days',
];

async function emptyBooks(admin: SettlementContext['sql']): Promise<void> {
  await admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of TABLES) await tx`delete from settlement.${tx(table)}`;
  });
}

/** A stable uuid (version 4 by form) for a name. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

type Issued = Extract<PolicyEvent, { type: 'policy.issued.v1' }>;
type Cancelled = Extract<PolicyEvent, { type: 'policy.cancelled.v1' }>;

interface Overrides<Event extends PolicyEvent> {
  readonly epoch?: number;
  readonly eventId?: string;
  readonly envelope?: Partial<Omit<Event, 'data' | 'type'>>;
  readonly data?: Partial<Event['data']>;
}

/** The issued event of policy `n`, by default as number `sequence` of epoch 1. */
export function issued(n: number, sequence: number, overrides: Overrides<Issued> = {}): Issued {
  const premiumMinor = 100_000 + 7 * n;
  const { issuedAt } = termsOf(n);
  return {
    ...envelopeOf(n, sequence, overrides.epoch),
    eventId: overrides.eventId ?? uuidOf(`event ${n}`),
    type: 'policy.issued.v1',
    aggregateVersion: 1,
    occurredAt: issuedAt,
    ...overrides.envelope,
    data: { ...termsOf(n), ...sharesOf(premiumMinor), ...overrides.data },
  };
}

/** The cancellation of policy `n` two weeks later, with half of all given back. */
export function cancelled(n: number, sequence: number, overrides: Overrides<Cancelled> = {}): Cancelled {
  const refundMinor = 50_000 + 3 * n;
  const cancelledAt = new Date(Date.UTC(2026, 11, 6, 10, 0, n)).toISOString();
  return {
    ...envelopeOf(n, sequence, overrides.epoch),
    eventId: overrides.eventId ?? uuidOf(`cancellation ${n}`),
    type: 'policy.cancelled.v1',
    aggregateVersion: 2,
    occurredAt: cancelledAt,
    ...overrides.envelope,
    data: {
      ...termsOf(n),
      cancelledAt,
      refund: rub(refundMinor),
      ...sharesOf(refundMinor),
      premium: rub(100_000 + 7 * n),
      ...overrides.data,
    },
  };
}

export const policyIdOf = (n: number) => `msk-${uuidOf(`policy ${n}`)}`;

const envelopeOf = (n: number, sequence: number, epoch = 1) => ({
  aggregateId: policyIdOf(n),
  region: 'msk',
  partition: PARTITION,
  epoch,
  sequence,
  traceparent: null,
});

const termsOf = (n: number) => ({
  policyId: policyIdOf(n),
  number: `MSK-${String(n).padStart(10, '0')}`,
  insurer: n % 2 === 0 ? 'volga' : 'ural',
  product: 'osago' as const,
  tariffVersion: 4,
  issuedAt: new Date(Date.UTC(2026, 10, 22, 10, 0, n)).toISOString(),
  startsOn: '2026-12-01',
  endsOn: '2027-11-30',
});

/** An amount, 15 % of it to the company, and 5 % to the partner. */
const sharesOf = (amountMinor: number) => ({
  premium: rub(amountMinor),
  commission: { rateBps: 1_500, amount: rub(shareOf(amountMinor, 1_500)) },
  partner: { id: 'alfa', commission: { rateBps: 500, amount: rub(shareOf(amountMinor, 500)) } },
});

/** A batch of events, or of raw texts. */
export function batchOf(...messages: readonly (PolicyEvent | DayClosedEvent | string)[]): Batch {
  return {
    topic: POLICIES.name,
    partition: PARTITION,
    messages: messages.map((message) =>
      typeof message === 'string'
        ? { key: '', value: message }
        : { key: message.aggregateId, value: JSON.stringify(message) },
    ),
  };
}

/** Everything that the books say, for comparing: two deliveries that are the same to the business are equal here. */
export async function readBooks({ sql }: Pick<SettlementContext, 'sql'>) {
  const [transactions, postings, accounts, lines, parked] = await Promise.all([
    sql`select event_id, aggregate_id, aggregate_version from settlement.ledger_transactions order by event_id`,
    sql`select event_id, account, amount_minor::float8 as amount from settlement.ledger_postings
      order by event_id, account`,
    sql`select id, balance_minor::float8 as balance from settlement.ledger_accounts order by id`,
    sql`select event_id, operation, insurer, period, policy_number, premium_minor::float8 as premium
      from settlement.register_lines order by event_id`,
    sql`select event_id, aggregate_id, reason, encode(raw, 'escape') as raw from settlement.dead_letters
      order by digest, id`,
  ]);
  return {
    transactions: [...transactions],
    postings: [...postings],
    accounts: [...accounts],
    lines: [...lines],
    parked: [...parked],
  };
}

/** The stream's position, `epoch/sequence+unplaced`, and the reason when it is stopped. */
export async function readPosition(
  { sql }: Pick<SettlementContext, 'sql'>,
  partition = PARTITION,
): Promise<string | undefined> {
  const [row] = await sql`
    select epoch || '/' || sequence || '+' || unplaced || coalesce(' ' || stopped_reason, '') as said from settlement.positions
    where region = 'msk' and topic = ${POLICIES.name} and partition = ${partition}`;
  return row?.['said'];
}
