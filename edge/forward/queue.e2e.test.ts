import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { statuses } from '../edge.testing.ts';
import { createFakeCore, HOP_KEY, SITE } from '../fake-core.testing.ts';
import { onEachRuntime } from '../on-each-runtime.testing.ts';
import { RUNTIMES, type RunningEdge, type Runtime, startEdge } from '../runtime.testing.ts';

const PLACES = 4;
const SOON = { timeout: 10_000, interval: 20 };

/** A core that counts the calls that it has under way, behind an edge of few places. */
interface Room {
  core: ReturnType<typeof createFakeCore>;
  /** The most at once. */
  most: number;
  edge: RunningEdge;
  server: Listening;
  port: number;
}

const rooms = new Map<Runtime, Room>();
const roomOf = (runtime: Runtime) => rooms.get(runtime) as Room;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-queue-'));
  await onEachRuntime(async (runtime) => {
    const core = createFakeCore({ now: Date.now });
    const room = { core, most: 0 } as Room;
    room.server = await openCore(room, 0);
    room.port = room.server.port;
    const env = {
      REGION: 'msk',
      LOG_LEVEL: 'error',
      CORE_URL: `http://127.0.0.1:${room.port}`,
      HOP_KEY,
      ANONYMOUS_LIMIT_PER_SECOND: '1000',
      CORE_CONCURRENCY: String(PLACES),
    };
    room.edge = await startEdge(runtime, { folder, env });
    rooms.set(runtime, room);
  });
});

afterAll(async () => {
  await Promise.all(
    [...rooms.values()].map(async ({ edge, server }) => {
      await edge.stop();
      await server[Symbol.asyncDispose]();
    }),
  );
  await rm(folder, { recursive: true, force: true });
});

function openCore(room: Room, port: number): Promise<Listening> {
  let underWay = 0;
  const answer = async (request: Request) => {
    underWay += 1;
    room.most = Math.max(room.most, underWay);
    // Long enough for others to come meanwhile if they may.
    await new Promise(setImmediate);
    return Promise.resolve(room.core.app.fetch(request)).finally(() => {
      underWay -= 1;
    });
  };
  return serve(answer, { host: '127.0.0.1', port, quietMs: 0 });
}

/** A read that is cached nowhere: each costs core a call. Of quotes fewer would be let in. */
const ask = (runtime: Runtime, signal: AbortSignal | null = null): Promise<Response | undefined> =>
  fetch(`${roomOf(runtime).edge.url}/v1/policies?limit=1`, {
    signal,
    headers: { authorization: `Bearer ${SITE.key}` },
  }).catch(() => undefined);
const askMany = (runtime: Runtime, count: number) => Array.from({ length: count }, () => ask(runtime));
const sell = (runtime: Runtime) =>
  fetch(`${roomOf(runtime).edge.url}/v1/policies`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${SITE.key}`,
      'idempotency-key': 'key-00001',
      'content-type': 'application/json',
    },
    body: '{"offer":"t"}',
  });

/** Answers as they come. */
function collect() {
  const all: Promise<unknown>[] = [];
  const came: (Response | undefined)[] = [];
  return {
    all,
    add: (answer: Promise<Response | undefined>) => all.push(answer.then((response) => came.push(response))),
    pending: () => all.length - came.length,
    refused: () => came.filter((response) => response?.status === 503).length,
    came,
  };
}

describe.each(RUNTIMES)('on %s', (runtime) => {
  it('calls that wait are woken by those of other requests, and core has no more at once than there are places', async () => {
    const room = roomOf(runtime);
    const answers = await Promise.all(askMany(runtime, PLACES * 5));
    expect(statuses(answers.filter((answer) => answer !== undefined))).toEqual({ 200: PLACES * 5 });
    expect(room.most).toBeLessThanOrEqual(PLACES);
  });

  it('a sale that finds the queue full goes first, and clients that leave, under way or waiting, keep no place', async () => {
    const { core } = roomOf(runtime);
    expect((await sell(runtime)).status).toBe(201);
    core.seen.length = 0;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    core.gate = gate;
    const [leaving, answers] = [new AbortController(), collect()];
    for (let place = 0; place < PLACES; place += 1) answers.add(ask(runtime, place === 0 ? leaving.signal : null));
    await expect.poll(() => core.callsTo('/v1/policies').length, SOON).toBe(PLACES);
    // One at a time, so that the first is the first; the first refusal says that the queue is full.
    for (let each = 0; answers.refused() === 0 && each < 100; each += 1) {
      answers.add(ask(runtime, each === 0 ? leaving.signal : null));
      await wait(5, leaving.signal);
    }
    await expect.poll(answers.pending, SOON).toBe(PLACES * 5);
    const sale = sell(runtime);
    // It takes the room of the newest read.
    await expect.poll(answers.pending, SOON).toBe(PLACES * 5 - 1);
    leaving.abort();
    expect(core.seen).toHaveLength(PLACES);
    open();
    expect((await sale).status).toBe(201);
    await Promise.all(answers.all);
    // The first that the holders' places went to: together, so in any order.
    expect(core.seen.slice(PLACES, PLACES * 2).map(({ target }) => target)).toContain('/v1/policies');
    const waited = answers.came.length - PLACES - answers.refused();
    expect(waited).toBe(PLACES * 4 - 1);
    expect(answers.came.filter((answer) => answer === undefined)).toHaveLength(2);
    expect(statuses((await Promise.all(askMany(runtime, PLACES))) as Response[])).toEqual({ 200: PLACES });
  });

  it('a core that dies and comes back is sold at again, without a restart of the edge', async () => {
    const room = roomOf(runtime);
    await room.server[Symbol.asyncDispose]();
    await expect
      .poll(async () => {
        const { status, headers } = await sell(runtime);
        // Nobody is told to come back sooner than the circuit lets him.
        return [status, headers.get('retry-after')];
      }, SOON)
      .toEqual([503, '1']);
    room.server = await openCore(room, room.port);
    await expect.poll(async () => (await sell(runtime)).status, SOON).toBe(201);
    if (runtime !== 'node') return;
    const metrics = await (await fetch(room.edge.metricsUrl)).text();
    expect(metrics).toMatch(/edge_core_circuit_turns_total\{need="database",to="closed"/);
    expect(metrics).toMatch(/edge_core_circuit_open\{need="database"[^}]*\} 0/);
    expect(metrics).toMatch(/edge_core_calls_total\{lane="purchase",outcome="circuit-open"/);
    expect(metrics).toMatch(/edge_core_calls_waiting\{lane="read"[^}]*\} 0/);
    expect(metrics).toMatch(/edge_core_calls_under_way\{[^}]*\} 0/);
  });
});
