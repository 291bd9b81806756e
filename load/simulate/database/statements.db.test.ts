import fc from 'fast-check';
import postgres, { type ReservedSql, type Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cursor, claimPartitions, moveCursors } from '#platform/outbox/cursor.ts';
import { readPages } from '#platform/outbox/read-page.ts';
import { createTestDatabase, type TestDatabase } from '#platform/postgres/testing.ts';
import { createChance } from '../engine/chance.ts';
import { createClock } from '../engine/clock.ts';
import { createMoments, type World } from '../engine/world.ts';
import type { DatabaseBackend } from './backend.ts';
import { createDatabase, type Database } from './database.ts';
import { STATEMENTS } from './statements.ts';

const WRITERS = 4;
const RELAYS = 2;

let created: TestDatabase;
let pool: Sql;
let sessions: ReservedSql[];
/** Of each history its own. */
let partition = 0;

beforeAll(async () => {
  created = await createTestDatabase();
  pool = postgres(created.url('core'), { max: WRITERS + RELAYS + 1, onnotice: () => undefined });
  sessions = await Promise.all(Array.from({ length: WRITERS + RELAYS }, () => pool.reserve()));
});
afterAll(async () => {
  for (const session of sessions) session.release();
  await pool.end();
  await created[Symbol.asyncDispose]();
});

/** What a relay got to know, without what differs between two databases: numbers of transactions, and of rows. */
type Seen = string;

/** An outbox with writers and relays, real or the model. What each step answers must be the same. */
interface Subject {
  takeXid(writer: number): Promise<void>;
  insert(writer: number, version: number): Promise<void>;
  end(writer: number, how: 'commit' | 'rollback'): Promise<void>;
  claim(relay: number): Promise<Cursor | undefined>;
  read(cursor: Cursor, limit: number): Promise<{ versions: number[]; after: Cursor }>;
  move(relay: number, cursor: Cursor): Promise<boolean>;
  /** Gives up the relay's locks. */
  leave(relay: number): Promise<void>;
}

function createReal(): Subject {
  const at = partition;
  const begun = new Set<number>();
  const on = (n: number) => sessions[n] as ReservedSql;
  const begin = async (writer: number) => {
    if (!begun.has(writer)) await on(writer)`begin`;
    begun.add(writer);
    return on(writer);
  };
  const relay = (n: number) => on(WRITERS + n);
  return {
    takeXid: async (writer) => void (await (await begin(writer))`select pg_current_xact_id()`),
    async insert(writer, version) {
      const sql = await begin(writer);
      await sql`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
        values (${at}, 'a', gen_random_uuid(), 'msk-a', ${version}, 'policy.issued.v1', now(), '{}')`;
    },
    async end(writer, how) {
      if (begun.delete(writer)) await on(writer).unsafe(how);
    },
    claim: async (n) => (await claimPartitions(relay(n), { schema: 'core', partitions: [at] }))[0],
    async read(cursor, limit) {
      const [page] = await readPages(pool, [cursor], { schema: 'core', region: 'msk', limit });
      if (!page) throw new Error('readPages gave no page');
      const versions = page.messages.map(({ value }) => JSON.parse(value.toString()).aggregateVersion as number);
      return { versions, after: page.after };
    },
    move: async (n, cursor) => (await moveCursors(relay(n), [cursor], { schema: 'core' })).has(at),
    leave: async (n) => void (await relay(n)`select pg_advisory_unlock_all()`),
  };
}

function createModel(): Subject {
  const chance = createChance(1);
  const weather = { late: 0, travelMs: 0, cut: 0, drop: 0, attempts: 1, rollback: 0 };
  const world: World = { clock: createClock(), chance, weather, calm: true, trace: () => {}, ...createMoments() };
  const database: Database = createDatabase(world);
  const backends = Array.from({ length: WRITERS + RELAYS }, () => database.accept());
  const on = (n: number) => backends[n] as DatabaseBackend;
  const relay = (n: number) => ({ database, backend: on(WRITERS + n) });
  const event = { partition, aggregateId: 'msk-a', eventId: '', occurredAt: 0 };
  return {
    takeXid: async (writer) => void on(writer).xid(),
    insert: async (writer, aggregateVersion) =>
      on(writer).insert({ ...event, id: database.nextId(), aggregateVersion }),
    end: async (writer, how) => on(writer)[how](),
    async claim(n) {
      const locked = STATEMENTS.lock(relay(n), [partition]);
      return STATEMENTS.raiseEpochs(relay(n), locked)[0];
    },
    async read(cursor, limit) {
      const [page] = STATEMENTS.readPages(relay(0), [cursor], limit);
      if (!page) throw new Error('readPages gave no page');
      return { versions: page.rows.map((row) => row.aggregateVersion), after: page.after };
    },
    move: async (n, cursor) => STATEMENTS.move(relay(n), [cursor]).has(partition),
    async leave(n) {
      if (database.advisoryLocks.get(partition) === relay(n).backend) database.advisoryLocks.delete(partition);
    },
  };
}

const writer = fc.integer({ min: 0, max: WRITERS - 1 });
const relay = fc.integer({ min: 0, max: RELAYS - 1 });
const step = fc.oneof(
  fc.record({ do: fc.constant('takeXid' as const), writer }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('insert' as const), writer }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('commit' as const, 'rollback' as const), writer }) },
  fc.record({ do: fc.constant('claim' as const), relay }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('read' as const), relay, limit: fc.integer({ min: 1, max: 3 }) }),
  },
  fc.record({ do: fc.constantFrom('move' as const, 'leave' as const), relay }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type RelayStep = Extract<Step, { relay: number }>;

/** Does a history, and answers what was seen. A relay goes on from what it read. */
async function run(subject: Subject, steps: readonly Step[]): Promise<Seen[]> {
  const cursors = new Map<number, Cursor>();
  const seen: Seen[] = [];
  for (const [version, now] of steps.entries()) {
    if ('relay' in now) seen.push(`${now.do} ${await relayStep(subject, now, cursors)}`);
    else if (now.do === 'takeXid') await subject.takeXid(now.writer);
    else if (now.do === 'insert') await subject.insert(now.writer, version + 1);
    else await subject.end(now.writer, now.do);
  }
  for (let n = 0; n < WRITERS; n += 1) await subject.end(n, 'rollback');
  for (let n = 0; n < RELAYS; n += 1) await subject.leave(n);
  return seen;
}

async function relayStep(subject: Subject, now: RelayStep, cursors: Map<number, Cursor>): Promise<Seen> {
  const cursor = cursors.get(now.relay);
  if (now.do === 'leave') return String(await subject.leave(now.relay));
  if (now.do === 'claim') {
    const claimed = await subject.claim(now.relay);
    if (claimed) cursors.set(now.relay, claimed);
    return said(claimed);
  }
  if (!cursor) return 'nothing';
  if (now.do === 'move') return String(await subject.move(now.relay, cursor));
  const { versions, after } = await subject.read(cursor, now.do === 'read' ? now.limit : 1);
  cursors.set(now.relay, after);
  return `${versions.join()} ${said(after)}`;
}

const said = (cursor: Cursor | undefined): string =>
  cursor ? `${cursor.epoch}/${cursor.sequence}${cursor.win === null ? '' : ' in a window'}` : 'nothing';

test('any transactions, pages, claims and moves: the simulated outbox answers as the one in Postgres', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, minLength: 20 }), async (steps) => {
      partition += 1;
      expect(await run(createModel(), steps)).toEqual(await run(createReal(), steps));
    }),
    { numRuns: 150 },
  );
});
