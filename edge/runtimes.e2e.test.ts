import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { createTestStore, STORE_TOKEN, statuses } from './edge.testing.ts';
import { ALFA, createFakeCore, type FakeCore, HOP_KEY, SITE } from './fake-core.testing.ts';
import { RUNTIMES, type RunningEdge, type Runtime, startEdge } from './runtime.testing.ts';

interface Room {
  core: FakeCore;
  edge: RunningEdge;
  listening: Listening[];
}

const rooms = new Map<Runtime, Room>();
const roomOf = (runtime: Runtime) => rooms.get(runtime) as Room;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-runtimes-'));
  const offersEndAt = Date.now() + 15 * 60_000;
  for (const runtime of RUNTIMES) rooms.set(runtime, await openRoom(runtime, offersEndAt));
});

afterAll(async () => {
  for (const { edge, listening } of rooms.values()) {
    await edge.stop();
    for (const server of listening) await server[Symbol.asyncDispose]();
  }
  await rm(folder, { recursive: true, force: true });
});

/** A runtime with a core and a store of its own on real ports. */
async function openRoom(runtime: Runtime, offersEndAt: number): Promise<Room> {
  const core = createFakeCore({ now: Date.now });
  core.offersEndAt = offersEndAt;
  const store = createTestStore();
  const listen = (fetch: (request: Request) => Response | Promise<Response>) =>
    serve(fetch, { host: '127.0.0.1', port: 0 });
  const listening = [
    await listen((request) => core.app.fetch(request)),
    await listen((request) => store.fetch(request)),
  ];
  const [corePort, storePort] = listening.map(({ port }) => port);
  const edge = await startEdge(runtime, {
    folder: join(folder),
    env: {
      REGION: 'msk',
      LOG_LEVEL: 'warn',
      CORE_URL: `http://127.0.0.1:${corePort}`,
      HOP_KEY,
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${storePort}`,
      UPSTASH_REDIS_REST_TOKEN: STORE_TOKEN,
      ANONYMOUS_LIMIT_PER_SECOND: '1000',
    },
  });
  return { core, edge, listening };
}

const authorization = `Bearer ${SITE.key}`;
const json = { 'content-type': 'application/json', 'idempotency-key': 'key-00001' };
const REQUESTS: readonly [string, string, RequestInit?][] = [
  ['a miss', '/v1/quotes/osago?kbm=3&months=12'],
  ['a hit in another order', '/v1/quotes/osago?months=12&kbm=3'],
  ['a hit with a key', '/v1/quotes/osago?months=12&kbm=3', { headers: { authorization } }],
  ['a known answer', '/v1/quotes/osago?months=12&kbm=3', { headers: { 'if-none-match': '*' } }],
  ['HEAD', '/v1/quotes/osago?months=12&kbm=3', { method: 'HEAD' }],
  ['a refusal of core', '/v1/quotes/osago?kbm=rubbish'],
  ['another product', '/v1/quotes/travel'],
  ['Cyrillic', '/v1/quotes/osago?locality=Владивосток'],
  ['products', '/v1/products'],
  ['places', '/v1/localities?q=Казань'],
  ['places again', '/v1/localities?q=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C'],
  ['HEAD of places', '/v1/localities?q=Казань', { method: 'HEAD' }],
  ['places of nothing', '/v1/localities'],
  ['a wrong key', '/v1/quotes/osago', { headers: { authorization: 'Bearer wrong' } }],
  ['no key', '/v1/policies', { method: 'POST', headers: json, body: '{}' }],
  ['a write', '/v1/policies', { method: 'POST', headers: { ...json, authorization }, body: '{"offer":"t"}' }],
  [
    'a body too large',
    '/v1/policies',
    { method: 'POST', headers: { ...json, authorization }, body: 'x'.repeat(70_000) },
  ],
  ['a policy', '/v1/policies/msk-1', { headers: { authorization } }],
  ['a path in disguise', '/v1/policies/%2e%2e/..%2f..%2finternal', { headers: { authorization } }],
  ['nothing there', '/v2/quotes'],
  ['live', '/healthz/live'],
  ['ready', '/healthz/ready'],
  ['gslb', '/healthz/gslb'],
  ['the description', '/openapi.json'],
  ['its page', '/docs'],
];
const COMPARED = [
  'content-type',
  'cache-control',
  'cache-status',
  'etag',
  'vary',
  'ratelimit-policy',
  'ratelimit',
  'retry-after',
  'www-authenticate',
  'idempotency-replayed',
  'location',
];

/** What must be the same on every runtime: not the trace's id, nor what depends on the second. */
async function answerOf(edge: RunningEdge, [, path, init]: (typeof REQUESTS)[number]) {
  const response = await fetch(`${edge.url}${path}`, init);
  const shown = COMPARED.map((name) => [name, response.headers.get(name)?.replace(/(r|ttl)=-?\d+/, '$1=N') ?? null]);
  const body = (await response.text()).replace(/"traceId":"\w{32}"/, '"traceId":"T"');
  return {
    status: response.status,
    headers: Object.fromEntries(shown),
    body,
    hasId: response.headers.has('x-request-id'),
  };
}

describe('one app on three runtimes', () => {
  it.each(REQUESTS)('%s is answered alike by Node, workerd and Deno', async (...request) => {
    const [node, ...others] = await Promise.all(RUNTIMES.map((runtime) => answerOf(roomOf(runtime).edge, request)));
    for (const other of others) expect(other).toEqual(node);
    expect(node).toMatchObject({ hasId: true });
    expect(node?.status).toBeLessThan(500);
  });

  it.each(RUNTIMES)('R7 D1 on %s a partner of 20 requests/s that sends 150 at once is held to it', async (runtime) => {
    const { edge } = roomOf(runtime);
    const send = () => fetch(`${edge.url}/v1/quotes/osago?kbm=3`, { headers: { authorization: `Bearer ${ALFA.key}` } });
    const startedAt = Date.now();
    const counts = statuses(await Promise.all(Array.from({ length: 150 }, send)));
    const windows = Math.floor(Date.now() / 1_000) - Math.floor(startedAt / 1_000) + 1;
    expect(Object.keys(counts)).toEqual(['200', '429']);
    expect(counts[200]).toBeGreaterThanOrEqual(20);
    expect(counts[200]).toBeLessThanOrEqual(20 * windows);
  });

  it.each(RUNTIMES)('on %s 50 misses at once cost core one call, though the first client leaves', async (runtime) => {
    const { core, edge } = roomOf(runtime);
    const target = '/v1/quotes/osago?kbm=7';
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    core.gate = gate;
    const leaving = new AbortController();
    const first = fetch(`${edge.url}${target}`, { signal: leaving.signal }).catch(() => 'left');
    await until(() => core.callsTo(target).length === 1);
    const others = Array.from({ length: 50 }, () => fetch(`${edge.url}${target}`));
    leaving.abort();
    expect(await first).toBe('left');
    open();
    expect(statuses(await Promise.all(others))).toEqual({ 200: 50 });
    expect(core.callsTo(target)).toHaveLength(1);
  });

  it.each(RUNTIMES)('on %s a new tariff shows in a quote that is kept, long before its 30 s', async (runtime) => {
    const { core, edge } = roomOf(runtime);
    const priceOf = async () => {
      const answer = await fetch(`${edge.url}/v1/quotes/osago?kbm=10`);
      return ((await answer.json()) as { revision: string }).revision;
    };
    const old = await priceOf();
    core.revision = () => 'b'.repeat(16);
    expect(await priceOf()).toBe(old);
    await until(async () => (await priceOf()) === 'b'.repeat(16));
    expect(core.callsTo('/internal/catalogue').length).toBeGreaterThan(0);
  });

  it.each(RUNTIMES)('on %s a redirect of core is not followed', async (runtime) => {
    const { core, edge } = roomOf(runtime);
    core.redirect = 307;
    const response = await fetch(`${edge.url}/v1/quotes/osago?kbm=8`, { redirect: 'manual' });
    core.redirect = undefined;
    expect([response.status, response.headers.get('location')]).toEqual([503, null]);
  });

  it.each(RUNTIMES)('on %s a client cannot choose the address that it is counted on', async (runtime) => {
    const { edge } = roomOf(runtime);
    const left: number[] = [];
    for (let at = 1; at <= 5; at += 1) {
      const address = `203.0.113.${at}`;
      // Cloudflare overwrites cf-connecting-ip; its stand-in in development leaves a client's own.
      const headers = { 'x-forwarded-for': address, ...(runtime !== 'workerd' && { 'cf-connecting-ip': address }) };
      const answer = await fetch(`${edge.url}/v1/products`, { headers });
      left.push(Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]));
    }
    // Somewhere among them the next request of the same second finds one token less.
    expect(left.some((count, at) => at > 0 && count === (left[at - 1] ?? 0) - 1)).toBe(true);
  });

  it('on Node metrics have a port of their own', async () => {
    const { edge } = roomOf('node');
    const metrics = await (await fetch(edge.metricsUrl)).text();
    const counts = metrics
      .split('\n')
      .filter((line) => /^(http_requests|edge)_/.test(line))
      .join('\n');
    expect(counts).toMatch(/http_requests_total\{[^}]*route="\/v1\/quotes\/:product"[^}]*service="edge"/);
    expect(counts).toMatch(/edge_cache_reads_total\{result="hit"/);
    expect(counts).toMatch(/edge_rate_limited_total\{caller="alfa"/);
    expect((await fetch(`${edge.url}/metrics`)).status).toBe(404);
  });

  it('on Node SIGTERM answers what is under way and ends with 0, however busy a client keeps its connection', async () => {
    const { core, edge } = roomOf('node');
    const target = '/v1/quotes/osago?kbm=9';
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    core.gate = gate;
    const underWay = fetch(`${edge.url}${target}`);
    let busy = true;
    const keepBusy = async () => {
      while (busy) await fetch(`${edge.url}/healthz/live`).then((response) => response.text());
    };
    // Ends when the edge takes no connection any more.
    const refused = Promise.allSettled([keepBusy(), keepBusy()]);
    await until(() => core.callsTo(target).length === 1);
    const stopped = edge.stop();
    await refused;
    busy = false;
    open();
    expect((await underWay).status).toBe(200);
    expect(await stopped).toBe(0);
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('It did not happen within 10 s');
    await wait(20, new AbortController().signal);
  }
}
