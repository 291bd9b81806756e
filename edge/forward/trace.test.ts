import { describe, expect, it } from 'vitest';
import { collectSpans } from '#platform/tracing/collect-spans.testing.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { createTestEdge } from '../edge.testing.ts';
import { ALFA } from '../fake-core.testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const QUOTE = '/v1/quotes/osago?kbm=3';
const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };

const traced = (options: { samples?: boolean } = {}) => {
  const tracer = collectSpans(options);
  return { tracer, edge: createTestEdge({ tracer: tracer as Tracer }) };
};

describe('a call to core of a trace that is recorded', () => {
  it('is a span between those of edge and core: a child of the request, and what core goes on from', async () => {
    const { tracer, edge } = traced();
    await edge.get(QUOTE, { headers });
    await edge.settle();
    const [call, request] = tracer.spans;
    expect(request).toMatchObject({
      kind: 'server',
      name: 'GET /v1/quotes/:product',
      traceId: TRACE,
      parentId: PARENT,
    });
    expect(call).toMatchObject({
      kind: 'client',
      name: 'GET',
      traceId: TRACE,
      parentId: request?.spanId,
      failed: false,
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'server.address': 'core.test',
        'server.port': 80,
      },
    });
    const [atCore] = edge.core.callsTo('/v1/quotes');
    expect(atCore?.headers.get('traceparent')).toBe(`00-${TRACE}-${call?.spanId}-01`);
  });

  it('is a span for each attempt, and says which failed', async () => {
    const { tracer, edge } = traced();
    edge.mishaps.push(() => Promise.reject(new TypeError('fetch failed')));
    await edge.get(QUOTE, { headers });
    const calls = tracer.spans.filter(({ kind }) => kind === 'client');
    expect(calls.map(({ failed }) => failed)).toEqual([true, false]);
    expect(new Set(calls.map(({ parentId }) => parentId)).size).toBe(1);
  });

  it('names neither key, nor query, nor who asks', async () => {
    const { tracer, edge } = traced();
    await edge.get('/v1/quotes/osago?kbm=3&name=Ivanov', { key: ALFA.key, headers });
    await edge.get(`/v1/policies/msk-1`, { key: ALFA.key, headers });
    await edge.settle();
    expect(tracer.spans.length).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(tracer.spans)).not.toMatch(/ik_|alfa|kbm|Ivanov|msk-1/);
  });
});

it('a trace that is not recorded has no span, and core is told so', async () => {
  const { tracer, edge } = traced({ samples: false });
  await edge.get(QUOTE);
  await edge.settle();
  expect(tracer.spans).toEqual([]);
  expect(edge.core.callsTo('/v1/quotes')[0]?.headers.get('traceparent')).toMatch(/-00$/);
});
