import { afterEach, beforeEach, expect, test } from 'vitest';
import { otlpSender } from './otlp.ts';
import { type Collector, receiveSpans } from './receive-spans.testing.ts';
import type { Span } from './tracer.ts';

let collector: Collector;
beforeEach(async () => {
  collector = await receiveSpans();
});
afterEach(() => collector[Symbol.asyncDispose]());

const SPAN: Span = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentId: '53995c3f42cd8ad8',
  kind: 'client',
  name: 'GET',
  startMs: 1_795_000_000_000.25,
  endMs: 1_795_000_000_001,
  attributes: { 'http.request.method': 'GET', 'server.port': 8788 },
  failed: true,
};

const sender = (endpoint = collector.url) =>
  otlpSender({ fetch, endpoint, service: 'core-app', region: 'msk', instance: 'one' });

/** The very text is what a collector's decoder meets: 64-bit numbers are strings, ids are hex. */
test('R8 spans are written as the JSON of OTLP', async () => {
  const { parentId: _first, ...root } = SPAN;
  await sender()([SPAN, { ...root, kind: 'server', failed: false }]);
  expect(collector.requests).toEqual([{ path: '/v1/traces', type: 'application/json' }]);
  const attributes = [
    { key: 'http.request.method', value: { stringValue: 'GET' } },
    { key: 'server.port', value: { intValue: '8788' } },
  ];
  const ids = { traceId: SPAN.traceId, spanId: SPAN.spanId };
  const times = { startTimeUnixNano: '1795000000000250000', endTimeUnixNano: '1795000000001000000' };
  expect(JSON.parse(collector.text())).toEqual({
    resourceSpans: [
      {
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: 'core-app' } },
            { key: 'service.namespace', value: { stringValue: 'insuretech' } },
            { key: 'service.instance.id', value: { stringValue: 'one' } },
            { key: 'insuretech.region', value: { stringValue: 'msk' } },
          ],
        },
        scopeSpans: [
          {
            scope: { name: 'insuretech' },
            spans: [
              { ...ids, parentSpanId: SPAN.parentId, name: 'GET', kind: 3, ...times, attributes, status: { code: 2 } },
              { ...ids, name: 'GET', kind: 2, ...times, attributes, status: {} },
            ],
          },
        ],
      },
    ],
  });
});

test('an endpoint may end with a slash, and may have a path of its own', async () => {
  await sender(`${collector.url}/otlp/`)([SPAN]);
  expect(collector.requests.map(({ path }) => path)).toEqual(['/otlp/v1/traces']);
});

test.each([400, 429, 503, 302])('an answer %d is no delivery', async (status) => {
  collector.answer(status);
  await expect(sender()([SPAN])).rejects.toThrow(`The collector answered ${status}`);
});

test('a collector that is not there is no delivery', async () => {
  const { url } = collector;
  await collector[Symbol.asyncDispose]();
  await expect(sender(url)([SPAN])).rejects.toThrow();
  collector = await receiveSpans();
});
