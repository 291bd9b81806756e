import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DayClosedEvent, EventEnvelope, PolicyEvent } from '#contracts/events.ts';
import { checkDay } from '../reconciliation/check-day.ts';
import { checkEvent } from './check-event.ts';

/**
 * Why a message is parked. `behind-dead-letter`: an earlier event of the same aggregate is parked. `contradicts-issue`: a
 * cancellation of other terms than the policy was booked with. `told-twice`: core told the same revision of a day before.
 */
export type ParkReason =
  | 'unreadable'
  | 'wrong-region'
  | 'wrong-partition'
  | 'unknown-type'
  | 'invalid-event'
  | 'issued-twice'
  | 'cancelled-twice'
  | 'contradicts-issue'
  | 'told-twice'
  | 'behind-dead-letter';

export interface Refusal {
  readonly reason: ParkReason;
  /** A sentence for a person; never a value out of the message. */
  readonly detail: string;
}

/** A message that does not say its place in this stream, or is of another stream. */
export interface UnplacedMessage {
  readonly placed: false;
  readonly raw: string;
  /** SHA-256 of `raw`, base64url. */
  readonly digest: string;
  readonly aggregateId: string | null;
  readonly refusal: Refusal;
}

/** A message with a place. `content` is its event, the end of a day, or why it can never be handled. */
export interface PlacedMessage {
  readonly placed: true;
  readonly raw: string;
  readonly eventId: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly content: Content;
}

export type Content =
  | { readonly event: PolicyEvent }
  | { readonly day: DayClosedEvent }
  | { readonly refusal: Refusal };

export type Message = PlacedMessage | UnplacedMessage;

const AGGREGATE_ID = /^[\x21-\x7e]{1,80}$/;
/** A UUID of some version: all zeros or ones is nobody's, and a second event with it would pass for a duplicate. */
const EVENT_ID = /^.{14}[1-8]/;

/** What places an event: read alone, so that an event with broken data still has its number and its aggregate. */
const Head = EventEnvelope.pick({ region: true, partition: true, epoch: true, sequence: true }).extend({
  eventId: z.uuid().regex(EVENT_ID),
  aggregateId: z.string().regex(AGGREGATE_ID, 'must be visible ASCII'),
  aggregateVersion: z.int().positive(),
  type: z.string(),
});

/** All that `policies.v1` carries. */
const Known = z.discriminatedUnion('type', [...PolicyEvent.options, DayClosedEvent]);
type Known = z.infer<typeof Known>;
const TYPES: ReadonlySet<string> = new Set(Known.options.map((option) => option.shape.type.value));

/** Reads one record of `policies.v1`. Never throws: what cannot be read is said in the result. */
export function readMessage(raw: string, stream: { region: string; partition: number }): Message {
  const whole = parseJson(raw);
  const known = Known.safeParse(whole);
  // Nearly every event is whole, and its head needs no reading of its own.
  const isWhole = known.success && AGGREGATE_ID.test(known.data.aggregateId) && EVENT_ID.test(known.data.eventId);
  const head = isWhole ? known : Head.safeParse(whole ?? parseJson(withoutData(raw)));
  if (!head.success) {
    const detail =
      whole === undefined ? 'The message is not JSON' : `The envelope is not valid: ${sentence(head.error)}`;
    return unplaced(raw, { aggregateId: null, refusal: { reason: 'unreadable', detail } });
  }
  const { aggregateId, aggregateVersion, epoch, sequence } = head.data;
  const foreign = refuseForeign(head.data, stream);
  if (foreign) return unplaced(raw, { aggregateId, refusal: foreign });
  const eventId = head.data.eventId.toLowerCase();
  const content: Content = known.success
    ? readContent({ ...known.data, eventId })
    : { refusal: refusalOf({ whole, type: head.data.type, error: known.error }) };
  return { placed: true, raw, eventId, aggregateId, aggregateVersion, epoch, sequence, content };
}

/** A message that says no place in this stream; it is known again by its text. */
export const unplaced = (raw: string, why: Pick<UnplacedMessage, 'aggregateId' | 'refusal'>): UnplacedMessage => ({
  placed: false,
  raw,
  digest: digestOf(raw),
  ...why,
});

/** SHA-256, base64url. */
export const digestOf = (raw: string): string => createHash('sha256').update(raw).digest('base64url');

function refuseForeign(head: z.infer<typeof Head>, stream: { region: string; partition: number }): Refusal | undefined {
  if (head.region !== stream.region) {
    return { reason: 'wrong-region', detail: `An event of region ${head.region} came to ${stream.region}` };
  }
  if (head.partition !== stream.partition) {
    return { reason: 'wrong-partition', detail: `An event of partition ${head.partition} came in ${stream.partition}` };
  }
  return undefined;
}

function readContent(event: Known): Content {
  const fault = event.type === 'control.day-closed.v1' ? checkDay(event) : checkEvent(event);
  if (fault) return { refusal: { reason: 'invalid-event', detail: fault } };
  return event.type === 'control.day-closed.v1' ? { day: event } : { event };
}

/** Why a message with a head is no event that this release knows. */
function refusalOf({ whole, type, error }: { whole: unknown; type: string; error: z.ZodError }): Refusal {
  if (whole === undefined) return { reason: 'invalid-event', detail: 'The data is not JSON' };
  if (TYPES.has(type)) return { reason: 'invalid-event', detail: sentence(error) };
  return { reason: 'unknown-type', detail: 'This release does not know the type of the event' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The relay writes the envelope first and `data` last: cut there, the rest is readable whatever the data is. */
const withoutData = (raw: string) => `${raw.slice(0, Math.max(0, raw.indexOf(',"data":')))}}`;

/** The paths that are wrong; zod's own texts could repeat keys of the message. */
function sentence(error: z.core.$ZodError): string {
  const paths = error.issues.map((issue) => issue.path.map(String).join('.') || 'the message').slice(0, 5);
  return `not as the contract has it: ${[...new Set(paths)].join(', ')}`;
}
