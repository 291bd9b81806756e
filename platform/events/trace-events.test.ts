import { expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { collectSpans } from '#platform/tracing/collect-spans.testing.ts';
import { createInProcessTransport } from './in-process.ts';
import { traceEvents } from './trace-events.ts';
import { traceparentOf } from './traceparent-of.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const EVENT = '019ab3de-0000-7000-8000-000000000001';
const GROUP = 'ins-comp-settlement';
const never = new AbortController().signal;

/** An event as the relay sends it. */
const event = (traceparent: string | null, more: Record<string, unknown> = {}) =>
  JSON.stringify({ eventId: EVENT, type: 'policy.issued.v1', aggregateId: 'msk-1', ...more, traceparent, data: {} });
const record = (partition: number, value: string) => ({ partition, key: 'k', value: Buffer.from(value) });

function room(handle: () => Promise<void> = async () => undefined) {
  const tracer = collectSpans();
  const bus = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  const events = traceEvents(bus, { tracer, system: 'kafka' });
  return { tracer, events, reading: events.subscribe(POLICIES, GROUP, handle) };
}

test('S3.2 an event goes on with the trace of its sale: a span when it is sent and one when it is handled', async () => {
  const { tracer, events, reading } = room();
  await using _ = await reading;
  await events.publish(POLICIES, [record(3, event(`00-${TRACE}-${SPAN}-01`))], never);
  const messaging = (operation: string) => ({
    'messaging.system': 'kafka',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': 'policies.v1',
    'messaging.destination.partition.id': '3',
    'messaging.message.id': EVENT,
  });
  const ids = { traceId: TRACE, parentId: SPAN, spanId: expect.stringMatching(/^[0-9a-f]{16}$/), failed: false };
  expect(tracer.spans).toMatchObject([
    {
      ...ids,
      kind: 'consumer',
      name: 'process policies.v1',
      attributes: { ...messaging('process'), 'messaging.consumer.group.name': GROUP },
    },
    { ...ids, kind: 'producer', name: 'send policies.v1', attributes: messaging('send') },
  ]);
  expect(new Set(tracer.spans.map(({ spanId }) => spanId)).size).toBe(2);
});

test('each event of a batch goes on with its own trace, and one without a recorded trace with none', async () => {
  const { tracer, events, reading } = room();
  await using _ = await reading;
  const other = TRACE.replace('4bf9', 'aaaa');
  const values = [`00-${TRACE}-${SPAN}-01`, null, `00-${TRACE}-${SPAN}-00`, 'no trace', `00-${other}-${SPAN}-01`];
  await events.publish(
    POLICIES,
    values.map((traceparent) => record(0, event(traceparent))),
    never,
  );
  expect(tracer.spans.map(({ name, traceId }) => `${name} ${traceId}`)).toEqual([
    `process policies.v1 ${TRACE}`,
    `process policies.v1 ${other}`,
    `send policies.v1 ${TRACE}`,
    `send policies.v1 ${other}`,
  ]);
});

test('a batch that is given back is a span that failed, and one more when it comes again', async () => {
  const failures = [new TypeError('a bug')];
  const { tracer, events, reading } = room(async () => {
    const failure = failures.shift();
    if (failure) throw failure;
  });
  await using _ = await reading;
  await events.publish(POLICIES, [record(0, event(`00-${TRACE}-${SPAN}-01`))], never);
  expect(tracer.spans.map(({ name, failed }) => [name, failed])).toEqual([
    ['process policies.v1', true],
    ['process policies.v1', false],
    ['send policies.v1', false],
  ]);
});

test('a send that is not acknowledged is a span that failed, and rejects as it did', async () => {
  const { tracer, events } = room();
  const stopping = AbortSignal.abort(new Error('stopping'));
  const value = event(`00-${TRACE}-${SPAN}-01`);
  await expect(events.publish(POLICIES, [record(0, value)], stopping)).rejects.toThrow('stopping');
  expect(tracer.spans).toMatchObject([{ name: 'send policies.v1', failed: true }]);
});

test('when spans have no room, events are not even read', async () => {
  const spans = collectSpans();
  const bus = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  const events = traceEvents(bus, { tracer: { ...spans, hasRoom: () => false }, system: 'kafka' });
  await using _ = await events.subscribe(POLICIES, GROUP, async () => undefined);
  await events.publish(POLICIES, [record(0, event(`00-${TRACE}-${SPAN}-01`))], never);
  expect(spans.spans).toEqual([]);
});

test('without a tracer it is the transport itself', () => {
  const bus = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  expect(traceEvents(bus, { tracer: undefined, system: 'in-process' })).toBe(bus);
});

test('no text inside an event passes for its trace', () => {
  const forged = `,"traceparent":"00-${TRACE}-${SPAN}-01`;
  expect(traceparentOf(event(null, { type: forged, aggregateId: forged }))).toBeUndefined();
  expect(traceparentOf(event(`00-${TRACE}-${SPAN}-00`, { type: forged }))).toEqual({
    traceId: TRACE,
    spanId: SPAN,
    flags: '00',
  });
});
