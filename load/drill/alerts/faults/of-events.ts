import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import { addUpDay } from '../../../../core/day-closing/add-up-day.ts';
import { openAdmin } from '../../open-admin.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../start-stage.ts';

/** Another session, alive and useless, holds the locks by which relays own partitions. */
const lockedOut: Fault = {
  alert: 'RelayStopped',
  needsKafka: false,
  async inject({ region }) {
    const admin = openAdmin(region.plan.adminUrl);
    await takeLocks(admin.sql);
    return { heal: async () => await admin[Symbol.asyncDispose]() };
  },
};

/** Ends whoever holds a lock, until all are this session's. */
async function takeLocks(sql: Sql): Promise<void> {
  for (let held = 0; held < POLICIES.partitions; ) {
    await sql`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and objsubid = 2 and pid <> pg_backend_pid()
        and classid::bigint = (hashtext('outbox:core')::bigint & 4294967295)`;
    const [row] = await sql<{ held: number }[]>`
      select count(*) filter (where pg_try_advisory_lock(hashtext('outbox:core'), p))::int as held
      from generate_series(0, ${POLICIES.partitions - 1}::int) as p
      where not exists (
        select from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'advisory' and l.objsubid = 2 and l.objid::int = p
      )`;
    held += row?.held ?? 0;
  }
}

/** What a statement of settlement's runs into. */
const withTrigger = ({ alert, body }: { alert: string; body: string }): Fault => ({
  alert,
  needsKafka: true,
  async inject({ region, clients }) {
    await region.asAdmin(async (sql) => {
      await sql.unsafe(`create function settlement.drill_hinder() returns trigger language plpgsql as $$
        begin ${body}; return null; end $$`);
      await sql.unsafe(`create trigger drill_hinder before insert on settlement.ledger_transactions
        for each statement execute function settlement.drill_hinder()`);
    });
    clients.rush(true);
    return {
      async heal() {
        clients.rush(false);
        await region.asAdmin(async (sql) => void (await sql.unsafe('drop function settlement.drill_hinder cascade')));
      },
    };
  },
});

/** An event from further on: those before it are missing. Healed as settlement's runbook says. */
const missing: Fault = {
  alert: 'PartitionStopped',
  needsKafka: true,
  async inject(stage) {
    const begun = new Date(Date.now() - 60_000).toISOString();
    const { partition, value } = await stage.region.asAdmin(forgeFromAhead);
    await send(stage, { partition, value });
    return {
      heal: () =>
        operate(stage, 'core', '/v1/outbox/replay', { from: begun, partitions: [partition], reason: 'a drill' }),
    };
  },
};

/** A copy of the last event of a partition, a thousand numbers later, with an id that nobody knows. */
async function forgeFromAhead(sql: Sql): Promise<{ partition: number; value: string }> {
  const [row] = await sql`
    select p.region, o.partition, p.epoch::float8 as epoch, (p.sequence + 1000)::float8 as sequence, o.type,
      o.aggregate_id, o.aggregate_version, o.occurred_at, o.data
    from core.outbox o join settlement.positions p on p.partition = o.partition and p.topic = ${POLICIES.name}
    where o.type = 'policy.issued.v1' order by o.id desc limit 1`;
  if (!row) throw new Error('Nothing was sold yet');
  const { region, partition, epoch, sequence, type } = row;
  const event = {
    eventId: randomUUID(),
    type,
    aggregateId: row['aggregate_id'],
    aggregateVersion: Number(row['aggregate_version']),
    region,
    partition,
    epoch,
    sequence,
    occurredAt: new Date(row['occurred_at']).toISOString(),
    traceparent: null,
    data: JSON.parse(row['data']),
  };
  return { partition, value: JSON.stringify(event) };
}

/** A record that is no event, which nobody will ever be able to book. */
const malformed: Fault = {
  alert: 'DeadLetters',
  needsKafka: true,
  async inject(stage) {
    await send(stage, { partition: 0, value: 'this is no event' });
    return {
      async heal() {
        const answer = await fetch(`${stage.region.urls.settlement}/v1/dead-letters`, { headers: operatorOf(stage) });
        const { items } = (await answer.json()) as { items: { id: string }[] };
        for (const { id } of items)
          await operate(stage, 'settlement', `/v1/dead-letters/${id}/dismiss`, { by: 'drill', reason: 'a drill' });
      },
    };
  },
};

/** Core's word of a day that the books know nothing of; then its word that there was nothing. */
const differing: Fault = {
  alert: 'BooksDiffer',
  needsKafka: false,
  async inject({ region }) {
    const day = '2026-01-15';
    const tell = (revision: number, insurers: unknown) =>
      region.asAdmin(async (sql) => {
        await sql`
          insert into settlement.core_days (event_id, day, revision, told_at, insurers)
          values (${randomUUID()}, ${day}, ${revision}, now(), ${sql.json(insurers as never)})`;
      });
    const operation = {
      policyId: `${region.name}-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a`,
      insurer: 'volga',
      product: 'osago',
      tariffVersion: 1,
      premiumMinor: 500_000,
      commissionRateBps: 1_500,
      refundMinor: null,
    } as const;
    const pages = (async function* () {
      yield [operation];
    })();
    const { insurers } = await addUpDay(day, { pages, findCommissionRate: async () => 1_500 });
    await tell(1, insurers);
    return { heal: () => tell(2, []) };
  },
};

async function send({ region }: Stage, record: { partition: number; value: string }): Promise<void> {
  const kafka = new Kafka({ brokers: [region.brokers ?? ''], clientId: 'drill', logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  try {
    await producer.send({ topic: POLICIES.name, acks: -1, messages: [{ key: 'drill', ...record }] });
  } finally {
    await producer.disconnect();
  }
}

const operatorOf = ({ region }: Stage) => ({
  authorization: `Bearer ${region.plan.operatorToken}`,
  'content-type': 'application/json',
});

async function operate(stage: Stage, service: 'core' | 'settlement', path: string, body: object): Promise<void> {
  const url = stage.region.urls[service] + path;
  const answer = await fetch(url, { method: 'POST', headers: operatorOf(stage), body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
}

export const eventFaults = {
  'relay-locked-out': lockedOut,
  'bookings-refused': withTrigger({ alert: 'SettlementFailing', body: "raise exception 'refused by the drill'" }),
  'bookings-slow': withTrigger({ alert: 'SettlementLagging', body: 'perform pg_sleep(4)' }),
  'events-missing': missing,
  'event-malformed': malformed,
  'books-differ': differing,
} as const satisfies Record<string, Fault>;
