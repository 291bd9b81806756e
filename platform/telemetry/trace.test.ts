import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { collectSpans } from '#platform/tracing/collect-spans.testing.ts';
import { type TraceVariables, trace } from './trace.ts';

const app = new Hono<{ Variables: TraceVariables }>().use(trace()).get('/', (c) => c.json(c.var));
const seen = async (headers: Record<string, string>) => {
  const response = await app.request('/', { headers });
  const vars = (await response.json()) as TraceVariables;
  expect(vars.traceparent).toMatch(new RegExp(`^00-${vars.traceId}-[0-9a-f]{16}-[0-9a-f]{2}$`));
  expect(response.headers.get('x-request-id')).toBe(vars.requestId);
  return vars;
};

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('trace (W3C Trace Context)', () => {
  test.each(['00', '01'])('continues a valid traceparent with flags %s, as a span of its own', async (flags) => {
    const { traceId, traceparent } = await seen({ traceparent: `00-${TRACE}-${PARENT}-${flags}` });
    expect(traceId).toBe(TRACE);
    expect(traceparent).toMatch(new RegExp(`-${flags}$`));
    expect(traceparent).not.toContain(PARENT);
  });

  test.each([
    ['absent', ''],
    ['no traceparent at all', 'hello'],
    ['upper case', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['a longer tail', `00-${TRACE}-${PARENT}-01-extra`],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['an all-zero parent id', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ])('begins a new trace when the header is %s', async (_what, traceparent) => {
    const { traceId } = await seen({ traceparent });
    expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    expect(traceId).not.toBe(TRACE);
  });

  test('two requests without a header are two traces', async () => {
    expect((await seen({})).traceId).not.toBe((await seen({})).traceId);
  });
});

describe('x-request-id', () => {
  test.each(['12345678', 'x'.repeat(64), 'Ab_9-Ab_9'])('keeps %s', async (id) => {
    expect((await seen({ 'x-request-id': id })).requestId).toBe(id);
  });

  test.each(['1234567', 'x'.repeat(65), 'has space', 'имя-имя-имя'.normalize(), '{"a":"b"}', ''])(
    'replaces "%s"',
    async (id) => {
      const headers = { 'x-request-id': [...id].some((char) => char > '\xff') ? encodeURIComponent(id) : id };
      expect((await seen(headers)).requestId).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  test('is on an answer whose headers cannot be changed, and takes nothing else of it', async () => {
    const elsewhere = new Hono().use(trace()).get('/', () => Response.redirect('https://msk.example/'));
    const answer = await elsewhere.request('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://msk.example/']);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is on every answer, a failure too', async () => {
    const failing = new Hono<{ Variables: TraceVariables }>().use(trace());
    failing.onError((_error, c) => c.text('', 500));
    failing.get('/', () => {
      throw new Error('a bug');
    });
    for (const path of ['/', '/nowhere'])
      expect((await failing.request(path)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a request of a trace that is recorded', () => {
  /** What is recorded of requests to an app with a tracer. */
  function traced(options: { samples?: boolean } = {}) {
    const tracer = collectSpans(options);
    const routes = new Hono<{ Variables: TraceVariables }>().use(trace(tracer));
    routes.get('/v1/policies/:id', (c) => c.json(c.var));
    routes.get('/broken', (c) => c.text('', 503));
    for (const probe of ['/healthz/live', '/metrics']) routes.get(probe, (c) => c.text('ok'));
    return { tracer, ask: (path: string, init: RequestInit = {}) => routes.request(path, init) };
  }

  test('is a span of its server, a child of the caller’s, and the parent of what it calls', async () => {
    const { tracer, ask } = traced();
    const answer = await ask('/v1/policies/msk-1?name=Ivanov', {
      headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    const { traceparent } = (await answer.json()) as TraceVariables;
    expect(tracer.spans).toEqual([
      {
        traceId: TRACE,
        parentId: PARENT,
        spanId: traceparent.split('-')[2],
        kind: 'server',
        name: 'GET /v1/policies/:id',
        startMs: 1_001,
        endMs: 1_002,
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/v1/policies/:id',
          'http.response.status_code': 200,
        },
        failed: false,
      },
    ]);
  });

  test('begins a trace where the caller brings none', async () => {
    const { tracer, ask } = traced();
    const { traceId } = (await (await ask('/v1/policies/msk-1')).json()) as TraceVariables;
    expect(tracer.spans).toMatchObject([{ traceId, parentId: undefined }]);
  });

  test('says that it failed when its server did, not when its caller did', async () => {
    const { tracer, ask } = traced();
    for (const path of ['/broken', '/nowhere']) await ask(path);
    expect(tracer.spans.map(({ failed }) => failed)).toEqual([true, false]);
  });

  test('is not recorded when the caller says so, nor when a trace begins that is not sampled, and is told so further on', async () => {
    const { tracer, ask } = traced();
    const unsampled = { headers: { traceparent: `00-${TRACE}-${PARENT}-00` } };
    const told = (await (await ask('/v1/policies/msk-1', unsampled)).json()) as TraceVariables;
    expect(told.traceparent).toMatch(new RegExp(`^00-${TRACE}-.*-00$`));
    const few = traced({ samples: false });
    const begun = (await (await few.ask('/v1/policies/msk-1')).json()) as TraceVariables;
    expect(begun.traceparent).toMatch(/-00$/);
    expect([...tracer.spans, ...few.tracer.spans]).toEqual([]);
  });

  test('is recorded when the caller says so, however few traces begin here', async () => {
    const { tracer, ask } = traced({ samples: false });
    await ask('/v1/policies/msk-1', { headers: { traceparent: `00-${TRACE}-${PARENT}-01` } });
    expect(tracer.spans).toHaveLength(1);
  });

  test('probes and scrapes are not recorded', async () => {
    const { tracer, ask } = traced();
    for (const path of ['/healthz/live', '/metrics']) await ask(path);
    expect(tracer.spans).toEqual([]);
  });

  test('nothing of a caller’s own writing is in it', async () => {
    const { tracer, ask } = traced();
    const canary = `ik_alfa_${'A'.repeat(43)}`;
    await ask(`/v1/policies/${canary}?key=${canary}`, { method: 'PROPFIND', headers: { 'x-request-id': canary } });
    await ask(`/${canary}`, { headers: { authorization: `Bearer ${canary}`, tracestate: canary } });
    expect(tracer.spans.map(({ name }) => name)).toEqual(['HTTP /*', 'GET /*']);
    expect(JSON.stringify(tracer.spans)).not.toContain('ik_alfa');
  });
});
