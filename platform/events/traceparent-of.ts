import { readTraceparent, type Traceparent } from '#platform/tracing/traceparent.ts';

/** How the relay writes it: behind `occurredAt`, before the data. A quote inside a text is written `\"`, so this stands nowhere before. */
const FIELD = ',"traceparent":"';
/** Of version 00. */
const LENGTH = 55;

/** The trace that an event belongs to, read out of it as it is sent without reading the rest; undefined when it names none. */
export function traceparentOf(value: string | Buffer): Traceparent | undefined {
  const at = value.indexOf(FIELD);
  if (at === -1) return undefined;
  const from = at + FIELD.length;
  const text =
    typeof value === 'string' ? value.slice(from, from + LENGTH) : value.toString('latin1', from, from + LENGTH);
  return readTraceparent(text);
}

/** The same for a line of the log; empty when the event names none. */
export function traceIdOf(value: string | Buffer): { traceId?: string } {
  const traceparent = traceparentOf(value);
  return traceparent ? { traceId: traceparent.traceId } : {};
}
