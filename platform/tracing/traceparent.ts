/** W3C Trace Context, level 1, section 3.2: version 00, 16-byte trace id, 8-byte parent id, flags. An id of zeros is none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a `traceparent` says. */
export interface Traceparent {
  readonly traceId: string;
  readonly spanId: string;
  /** Two hex digits. */
  readonly flags: string;
}

/** Undefined for what is none. */
export function readTraceparent(text: string): Traceparent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  return traceId !== undefined && spanId !== undefined && flags !== undefined ? { traceId, spanId, flags } : undefined;
}

export const writeTraceparent = ({ traceId, spanId, flags }: Traceparent): string => `00-${traceId}-${spanId}-${flags}`;

/** Section 3.2.2.5.1: whether the caller may have recorded the trace. */
export const isSampled = ({ flags }: Pick<Traceparent, 'flags'>): boolean => (Number.parseInt(flags, 16) & 1) === 1;

/** 16 bytes in hex, random but for the six bits of a UUID; no half of it is ever zero. */
export function newTraceId(): string {
  const uuid = crypto.randomUUID();
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
}

/** 8 bytes in hex. */
export const newSpanId = (): string => newTraceId().slice(16);
