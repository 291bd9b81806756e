import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
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
