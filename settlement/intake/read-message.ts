import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EventEnvelope, PolicyEvent } from '#contracts/events.ts';
import { checkEvent } from './check-event.ts';

/**
 * Why a message is parked. `behind-dead-letter`: an earlier event of the same aggregate is parked. `contradicts-issue`: a
 * cancellation of other terms than the policy was booked with.
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

/** A message with a place. `content` is its event, or why it can never be handled. */
export interface PlacedMessage {
  readonly placed: true;
  readonly raw: string;
  readonly digest: string;
  readonly eventId: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly content: { readonly event: PolicyEvent } | { readonly refusal: Refusal };
}

export type Message = PlacedMessage | UnplacedMessage;

/** What places an event: read alone, so that an event with broken data still has its number and its aggregate. */
const Head = EventEnvelope.pick({ region: true, partition: true, epoch: true, sequence: true }).extend({
  eventId: z.uuid().toLowerCase(),
  aggregateId: z.string().regex(/^[\x21-\x7e]{1,80}$/, 'must be visible ASCII'),
  aggregateVersion: z.int().positive(),
  type: z.string(),
});

const TYPES: ReadonlySet<string> = new Set(PolicyEvent.options.map((option) => option.shape.type.value));

/** Reads one record of `policies.v1`. Never throws: what cannot be read is said in the result. */
export function readMessage(raw: string, stream: { region: string; partition: number }): Message {
  const digest = createHash('sha256').update(raw).digest('base64url');
  const whole = parseJson(raw);
  const head = Head.safeParse(whole ?? parseJson(withoutData(raw)));
  if (!head.success) {
    const detail =
      whole === undefined ? 'The message is not JSON' : `The envelope is not valid: ${sentence(head.error)}`;
    return { placed: false, raw, digest, aggregateId: null, refusal: { reason: 'unreadable', detail } };
  }
  const { eventId, aggregateId, aggregateVersion, epoch, sequence } = head.data;
  const foreign = refuseForeign(head.data, stream);
  if (foreign) return { placed: false, raw, digest, aggregateId, refusal: foreign };
  const content = readContent(whole, head.data);
  return { placed: true, raw, digest, eventId, aggregateId, aggregateVersion, epoch, sequence, content };
}

function refuseForeign(head: z.infer<typeof Head>, stream: { region: string; partition: number }): Refusal | undefined {
  if (head.region !== stream.region) {
    return { reason: 'wrong-region', detail: `An event of region ${head.region} came to ${stream.region}` };
  }
  if (head.partition !== stream.partition) {
    return { reason: 'wrong-partition', detail: `An event of partition ${head.partition} came in ${stream.partition}` };
  }
  return undefined;
}

function readContent(whole: unknown, head: z.infer<typeof Head>): PlacedMessage['content'] {
  if (whole === undefined) return { refusal: { reason: 'invalid-event', detail: 'The data is not JSON' } };
  if (!TYPES.has(head.type)) {
    return { refusal: { reason: 'unknown-type', detail: 'This release does not know the type of the event' } };
  }
  const event = PolicyEvent.safeParse(whole);
  if (!event.success) return { refusal: { reason: 'invalid-event', detail: sentence(event.error) } };
  const fault = checkEvent(event.data);
  if (fault) return { refusal: { reason: 'invalid-event', detail: fault } };
  return { event: { ...event.data, eventId: head.eventId } };
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
