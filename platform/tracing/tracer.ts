/** A span that has ended, in the model of OpenTelemetry. Attributes are never of a person, and never what a caller wrote. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the first of a trace. */
  readonly parentId?: string | undefined;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  readonly name: string;
  /** Milliseconds since 1970, fractions too. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly failed: boolean;
}

/** What records spans. A service without one traces nothing, and pays nothing for it. */
export interface Tracer {
  /** Milliseconds since 1970, as finely as the runtime tells. */
  readonly now: () => number;
  /** Whether a trace that begins here is recorded; one that a caller began is, when the caller says so. */
  samples(traceId: string): boolean;
  /** Takes a span to be sent later. When too many wait it is dropped, and counted. */
  record(span: Span): void;
  /** Whether the next span would be taken. */
  hasRoom(): boolean;
  /** Sends what waits. Never rejects: spans that cannot be delivered are dropped, and counted. */
  flush(): Promise<void>;
}

/** What became of spans. */
export type SpanOutcome = 'exported' | 'dropped';

interface TracerContext {
  /** Hands spans over; rejects when they did not arrive. */
  readonly send: (spans: readonly Span[]) => Promise<void>;
  readonly now: () => number;
  /** Of the traces that begin here, the part that is recorded: 0 to 1. */
  readonly ratio: number;
  readonly count: (outcome: SpanOutcome, spans: number) => void;
  readonly logWarn: (fields: object, message: string) => void;
}

/** As OpenTelemetry's batch processor has them: what waits at most, and what is sent at once. */
const MOST_WAITING = 2_048;
const MOST_AT_ONCE = 512;
/** The right 56 bits of a trace id are random, also where it is made of a UUID: W3C Trace Context, level 2, section 3.2.2.3. */
const RANDOM_DIGITS = 14;

/**
 * A tracer over any sender. Nothing here waits for what another flush began: on workerd a promise belongs to the request
 * that made it.
 */
export function createTracer({ send, now, ratio, count, logWarn }: TracerContext): Tracer {
  const waiting: Span[] = [];
  let underWay = 0;
  let isTold = false;
  const sendSome = async (spans: readonly Span[]) => {
    underWay += spans.length;
    try {
      await send(spans);
      count('exported', spans.length);
      isTold = false;
    } catch (error) {
      count('dropped', spans.length);
      // Once until it works again: a collector may be away for days.
      if (!isTold) logWarn({ err: error, spans: spans.length }, 'spans could not be delivered');
      isTold = true;
    } finally {
      underWay -= spans.length;
    }
  };
  const hasRoom = () => waiting.length + underWay < MOST_WAITING;
  return {
    now,
    hasRoom,
    samples: (traceId) => Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) >= (1 - ratio) * 16 ** RANDOM_DIGITS,
    record(span) {
      if (hasRoom()) waiting.push(span);
      else count('dropped', 1);
    },
    async flush() {
      while (waiting.length > 0) await sendSome(waiting.splice(0, MOST_AT_ONCE));
    },
  };
}
