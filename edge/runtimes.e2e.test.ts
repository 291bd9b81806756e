import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import type { Asked } from './conformance/exchange.testing.ts';
import { openRegion, type Region } from './conformance/open-region.testing.ts';
import { sendRaw } from './conformance/send-raw.testing.ts';
import { statuses } from './edge.testing.ts';
import { ALFA, type FakeCore, SITE } from './fake-core.testing.ts';
import { onEachRuntime } from './on-each-runtime.testing.ts';
import { RUNTIMES, type RunningEdge, type Runtime, startEdge } from './runtime.testing.ts';

interface Room {
  region: Region;
  core: FakeCore;
  edge: RunningEdge;
}

const rooms = new Map<Runtime, Room>();
const roomOf = (runtime: Runtime) => rooms.get(runtime) as Room;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-runtimes-'));
  const offersEndAt = Date.now() + 15 * 60_000;
  await onEachRuntime((runtime) => openRoom(runtime, offersEndAt));
});

afterAll(async () => {
  const closing = [...rooms.values()].map(async ({ edge, region }) => {
    await edge.stop();
    await region[Symbol.asyncDispose]();
  });
  await Promise.all(closing);
  await rm(folder, { recursive: true, force: true });
});

/** A runtime in a region of its own. */
async function openRoom(runtime: Runtime, offersEndAt: number): Promise<void> {
  const region = await openRegion(offersEndAt);
  rooms.set(runtime, { region, core: region.core, edge: await startEdge(runtime, { folder, env: region.env }) });
}

/** What is no HTTP, though servers differ in how much of it they mend: the status that each gives. */
const MALFORMED: readonly [string, Asked, Record<Runtime, number>][] = [
  ['a backslash', { target: '/v1/policies\\msk-1' }, { node: 400, workerd: 200, deno: 200 }],
  [
    'a way out by backslashes',
    { target: '/v1/policies\\..\\..\\internal\\partners\\site' },
    { node: 400, workerd: 404, deno: 404 },
  ],
  [
    'a way out of another host',
    { target: 'http://127.0.0.1/internal/partners/site' },
    { node: 404, workerd: 404, deno: 404 },
  ],
  ['letters that are not encoded', { target: '/v1/localities?q=\u00d0\u00af' }, { node: 400, workerd: 200, deno: 200 }],
  ['a target without a slash', { target: 'v1/products' }, { node: 400, workerd: 400, deno: 400 }],
  [
    'more headers than Node reads',
    { target: '/v1/products', headers: { 'x-padding': 'x'.repeat(20_000) } },
    { node: 431, workerd: 200, deno: 200 },
  ],
];

describe('one app on three runtimes', () => {
  it.each(MALFORMED)('%s is refused or mended on each, and reaches nothing inside', async (_name, asked, expected) => {
    for (const runtime of RUNTIMES) {
      const { core, edge } = roomOf(runtime);
      const { send, close } = sendRaw(edge.url);
      const { status } = await send({ ...asked, headers: { ...asked.headers, authorization: `Bearer ${SITE.key}` } });
      close();
      expect({ [runtime]: status }).toEqual({ [runtime]: expected[runtime] });
      // The edge's own question of who the partner is has no partner in its hop.
      expect(core.callsTo('/internal/partners').every(({ claims }) => claims?.partner === undefined)).toBe(true);
    }
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

  it.each(['node', 'deno'] as const)(
    'on %s an incomplete environment ends the process, and says why',
    async (runtime) => {
      const { HOP_KEY: _, ...env } = roomOf(runtime).region.env;
      const starting = startEdge(runtime, { env, folder });
      await expect(starting).rejects.toMatchObject({
        message: expect.stringContaining('edge: Configuration is not valid: HOP_KEY is missing.'),
        cause: { message: 'It ended with 78' },
      });
    },
  );

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
