import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, type ReceivedSpan, receiveSpans } from '#platform/tracing/receive-spans.testing.ts';
import { openRegion, type Region } from './conformance/open-region.testing.ts';
import { SITE } from './fake-core.testing.ts';
import { onEachRuntime } from './on-each-runtime.testing.ts';
import { RUNTIMES, type RunningEdge, type Runtime, startEdge } from './runtime.testing.ts';

interface Room {
  readonly collector: Collector;
  readonly region: Region;
  readonly edge: RunningEdge;
}

const rooms = new Map<Runtime, Room>();
const roomOf = (runtime: Runtime) => rooms.get(runtime) as Room;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-traces-'));
  await onEachRuntime(async (runtime) => {
    const collector = await receiveSpans();
    const region = await openRegion(Date.now() + 15 * 60_000);
    const env = { ...region.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, CORS_ORIGINS: '' };
    rooms.set(runtime, { collector, region, edge: await startEdge(runtime, { folder, env }) });
  });
});

afterAll(async () => {
  const closing = [...rooms.values()].map(async ({ edge, region, collector }) => {
    await edge.stop();
    await region[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });
  await Promise.all(closing);
  await rm(folder, { recursive: true, force: true });
});

const PARENT = '00f067aa0ba902b7';
const server = (all: readonly ReceivedSpan[], trace: string) =>
  all.find(({ traceId, kind }) => traceId === trace && kind === 2);
const ask = ({ edge }: Room, trace: string, flags = '01') =>
  fetch(`${edge.url}/v1/quotes/osago?kbm=3`, {
    headers: { authorization: `Bearer ${SITE.key}`, traceparent: `00-${trace}-${PARENT}-${flags}` },
  });

describe.each(RUNTIMES)('on %s', (runtime) => {
  it('R8 a miss is the span of the request, with that of the call to core below it', async () => {
    const room = roomOf(runtime);
    const trace = 'a'.repeat(32);
    const before = Date.now();
    expect((await ask(room, trace)).status).toBe(200);
    const { request, calls } = await room.collector.until((all) => {
      const found = server(all, trace);
      const below = all.filter(({ parentSpanId, kind }) => kind === 3 && parentSpanId === found?.spanId);
      // Who the partner is, and the quote.
      return found && below.length === 2 ? { request: found, calls: below } : undefined;
    });
    expect(request).toMatchObject({
      service: 'edge',
      region: 'msk',
      name: 'GET /v1/quotes/:product',
      parentSpanId: PARENT,
      attributes: { 'http.route': '/v1/quotes/:product', 'http.response.status_code': 200 },
    });
    for (const { startNano, endNano } of [request, ...calls]) {
      expect(Number(startNano / 1_000_000n)).toBeGreaterThanOrEqual(before - 1_000);
      expect(Number(endNano / 1_000_000n)).toBeLessThanOrEqual(Date.now() + 1_000);
    }
    const atCore = ['/internal/partners', '/v1/quotes'].flatMap((path) => room.region.core.callsTo(path));
    const told = atCore.map(({ headers }) => headers.get('traceparent')).filter((told) => told?.includes(trace));
    expect(told.sort()).toEqual(calls.map(({ spanId }) => `00-${trace}-${spanId}-01`).sort());
  });

  it('R8 a hit is a span too; a trace that its caller does not record is none', async () => {
    const room = roomOf(runtime);
    const [recorded, not] = ['b'.repeat(32), 'c'.repeat(32)];
    await ask(room, not, '00');
    const hit = await ask(room, recorded);
    expect(hit.headers.get('cache-status')).toContain('hit');
    const span = await room.collector.until((all) => server(all, recorded));
    expect(span).toMatchObject({ name: 'GET /v1/quotes/:product', parentSpanId: PARENT });
    expect(room.collector.spans.filter(({ traceId }) => traceId === not)).toEqual([]);
    expect(room.collector.text()).not.toMatch(/ik_|kbm/);
  });
});
