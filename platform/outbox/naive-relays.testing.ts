import type { Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { partitionOf } from './partition.ts';

/** What a relay is given by a test: the bus, and its time. */
export interface RelayWorld {
  readonly events: EventTransport;
  readonly wait: Wait;
  readonly now: () => number;
}

export interface RunningRelay extends AsyncDisposable {
  poke(): void;
}

export interface OutboxEvent {
  readonly aggregateId: string;
  readonly aggregateVersion: number;
}

interface Row extends OutboxEvent {
  readonly id: string;
}

const never = new AbortController().signal;

/** Writes an event; what a relay sends of it says at least its aggregate and its version. */
export async function append(sql: Sql, { aggregateId, aggregateVersion }: OutboxEvent): Promise<Row> {
  const [row] = await sql`
    insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    values (${partitionOf(aggregateId, POLICIES.partitions)}, ${aggregateId}, gen_random_uuid(), ${aggregateId},
      ${aggregateVersion}, 'policy.issued.v1', now(), '{}')
    returning id::text as id`;
  return { id: String(row?.['id']), aggregateId, aggregateVersion };
}

const send = (events: EventTransport, rows: readonly Row[]) => events.publish(POLICIES, rows.map(messageOf), never);

function messageOf({ aggregateId, aggregateVersion }: Row): OutgoingMessage {
  const partition = partitionOf(aggregateId, POLICIES.partitions);
  return { partition, key: aggregateId, value: JSON.stringify({ aggregateId, aggregateVersion }) };
}

/** The naive outbox's state of a row, which ours does not have. Only the owner of the table can add it. */
export const addStatus = (admin: Sql) =>
  admin`alter table core.outbox add column if not exists status text not null default 'NEW'`;

const setStatus = (sql: Sql, rows: readonly Row[], status: string) =>
  sql`update core.outbox set status = ${status} where id = any(${rows.map((row) => row.id)}::bigint[])`;

const columns = (sql: Sql) =>
  sql`outbox.id::text as id, aggregate_id as "aggregateId", aggregate_version as "aggregateVersion"`;

/** Fault: reading an outbox by `id > last`. */
export function readsAboveLast(sql: Sql, world: RelayWorld): RunningRelay {
  let last = '0';
  return loop(world, async () => {
    const rows = await sql<Row[]>`select ${columns(sql)} from core.outbox where id > ${last} order by outbox.id`;
    if (rows.length > 0) await send(world.events, rows);
    last = rows.at(-1)?.id ?? last;
    return rows.length;
  });
}

/** Fault: nobody owns a row, and it is marked when it has been sent. */
export function marksAfterSending(sql: Sql, world: RelayWorld): RunningRelay {
  return loop(world, async () => {
    const rows = await sql<Row[]>`select ${columns(sql)} from core.outbox where status = 'NEW' order by outbox.id`;
    if (rows.length > 0) await send(world.events, rows);
    await setStatus(sql, rows, 'SENT');
    return rows.length;
  });
}

/** Fault: rows are shared out between relays one by one, with SKIP LOCKED. */
export function skipsLocked(sql: Sql, world: RelayWorld): RunningRelay {
  return loop(world, () =>
    sql.begin(async (transaction) => {
      const tx = transaction as unknown as Sql;
      const rows = await tx<Row[]>`
        select ${columns(tx)} from core.outbox where status = 'NEW' order by outbox.id limit 1 for update skip locked`;
      if (rows.length > 0) await send(world.events, rows);
      await setStatus(tx, rows, 'SENT');
      return rows.length;
    }),
  );
}

/** Fault: after a few attempts a row is FAILED, and only NEW rows are read. */
export function givesUp(sql: Sql, world: RelayWorld): RunningRelay {
  const attempts = new Map<string, number>();
  return loop(world, async () => {
    const rows = await sql<Row[]>`
      select ${columns(sql)} from core.outbox where status = 'NEW' order by outbox.id limit 1`;
    const [row] = rows;
    if (!row) return 0;
    try {
      await send(world.events, rows);
      await setStatus(sql, rows, 'SENT');
    } catch {
      attempts.set(row.id, (attempts.get(row.id) ?? 0) + 1);
      if (attempts.get(row.id) === 3) await setStatus(sql, rows, 'FAILED');
      await world.wait(1_000, never);
    }
    return 1;
  });
}

/** Fault: what is sent after a commit is what that transaction itself wrote, and nothing else ever. */
export async function sendsItsOwn(sql: Sql, { events, event }: { events: EventTransport; event: OutboxEvent }) {
  const row = await sql.begin((tx) => append(tx as unknown as Sql, event));
  await send(events, [row]);
}

/** A step answers how many events it sent; one that fails comes again. */
function loop({ wait }: RelayWorld, step: () => Promise<number>): RunningRelay {
  const stopping = new AbortController();
  let poked = Promise.withResolvers<void>();
  const run = async () => {
    while (!stopping.signal.aborted) {
      poked = Promise.withResolvers();
      if ((await step()) === 0) await Promise.race([poked.promise, wait(50, stopping.signal)]);
    }
  };
  const done = run();
  return {
    poke: () => poked.resolve(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      poked.resolve();
      await done;
    },
  };
}
