import { expect, test } from 'vitest';
import { beginSpan } from './begin-span.ts';
import { collectSpans } from './collect-spans.testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const call = { kind: 'client', name: 'GET', attributes: { 'http.request.method': 'GET' } } as const;

test('a span goes on from its parent, and who is called goes on from it', () => {
  const tracer = collectSpans();
  const span = beginSpan(tracer, { ...call, parent: `00-${TRACE}-${PARENT}-01` });
  span?.end({ failed: true, attributes: { 'http.response.status_code': 502 } });
  const [, traceId, spanId, flags] = span?.traceparent.split('-') ?? [];
  expect([traceId, flags]).toEqual([TRACE, '01']);
  expect(spanId).not.toBe(PARENT);
  expect(tracer.spans).toEqual([
    {
      traceId: TRACE,
      spanId,
      parentId: PARENT,
      kind: 'client',
      name: 'GET',
      startMs: 1_001,
      endMs: 1_002,
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 502 },
      failed: true,
    },
  ]);
});

test.each([
  ['is not recorded', `00-${TRACE}-${PARENT}-00`],
  ['is none', 'hello'],
  ['is not there', undefined],
])('there is no span when the parent %s', (_what, parent) => {
  expect(beginSpan(collectSpans(), { ...call, parent })).toBeUndefined();
});
