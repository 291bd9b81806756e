import type { Topic } from '#contracts/topics.ts';
import { isSampled, newSpanId } from '#platform/tracing/traceparent.ts';
import type { Span, Tracer } from '#platform/tracing/tracer.ts';
import { traceparentOf } from './traceparent-of.ts';
import type { MeasuredTransport } from './transport.ts';

/** `messaging.system` of the semantic conventions. */
export type MessagingSystem = 'kafka' | 'in-process';

/** Handling of records that is over. */
interface Done {
  readonly operation: 'send' | 'process';
  readonly topic: string;
  readonly records: readonly { readonly partition: number; readonly value: string | Buffer }[];
  readonly startMs: number;
  readonly failed: boolean;
  readonly group?: string;
}

/**
 * A transport whose every event goes on with the trace of the request that it tells of: one span when it was sent and one
 * when it was handled, children both of that request, so that one trace shows the way of one sale. The event itself carries
 * the context, as it was stored with it; nothing is added to what is sent. Without a tracer it is the transport itself.
 */
export function traceEvents(
  events: MeasuredTransport,
  { tracer, system }: { tracer: Tracer | undefined; system: MessagingSystem },
): MeasuredTransport {
  if (!tracer) return events;
  const timed = async (done: Omit<Done, 'startMs' | 'failed'>, work: () => Promise<void>) => {
    const startMs = tracer.now();
    let failed = true;
    try {
      await work();
      failed = false;
    } finally {
      record(tracer, system, { ...done, startMs, failed });
    }
  };
  return {
    publish: (topic, messages, signal) =>
      timed({ operation: 'send', topic: topic.name, records: messages }, () => events.publish(topic, messages, signal)),
    subscribe: (topic, group, handle) =>
      events.subscribe(topic, group, (batch) => {
        const records = batch.messages.map(({ value }) => ({ partition: batch.partition, value }));
        return timed({ operation: 'process', topic: topic.name, group, records }, () => handle(batch));
      }),
    lag: (topic: Topic, group: string) => events.lag(topic, group),
    [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
  };
}

/** Every event begins with its id: `{"eventId":"` and 36 characters. */
const EVENT_ID = /^\{"eventId":"([0-9a-f-]{36})"/;

function record(tracer: Tracer, system: MessagingSystem, done: Done): void {
  const endMs = tracer.now();
  for (const { partition, value } of done.records) {
    // A replay brings more than anybody will look at: what has no room is not even read.
    if (!tracer.hasRoom()) return;
    const creation = traceparentOf(value);
    if (!creation || !isSampled(creation)) continue;
    const { traceId, spanId: parentId } = creation;
    const span = spanOf(system, done, { partition, value });
    tracer.record({
      ...span,
      traceId,
      parentId,
      spanId: newSpanId(),
      startMs: done.startMs,
      endMs,
      failed: done.failed,
    });
  }
}

function spanOf(
  system: MessagingSystem,
  { operation, topic, group }: Done,
  { partition, value }: Done['records'][number],
): Pick<Span, 'kind' | 'name' | 'attributes'> {
  const head = typeof value === 'string' ? value.slice(0, 64) : value.toString('latin1', 0, 64);
  const eventId = EVENT_ID.exec(head)?.[1];
  return {
    kind: operation === 'send' ? 'producer' : 'consumer',
    name: `${operation} ${topic}`,
    attributes: {
      'messaging.system': system,
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      ...(group !== undefined && { 'messaging.consumer.group.name': group }),
      ...(eventId !== undefined && { 'messaging.message.id': eventId }),
    },
  };
}
