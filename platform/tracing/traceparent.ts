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

const ID_BYTES = 16;
const ID_DIGITS = 2 * ID_BYTES;
/** Made together and cut out of one text: made alone, one is a call and ten short texts, which each request would leave behind. */
const IDS_AT_ONCE = 64;
const DIGITS = new TextEncoder().encode('0123456789abcdef');
let made = { ids: '', used: 0 };

/** 16 bytes in hex, random but for the six bits of a UUID of version 4; no half of it is ever zero. */
export function newTraceId(): string {
  if (made.used === made.ids.length) made = { ids: newIds(), used: 0 };
  made.used += ID_DIGITS;
  return made.ids.slice(made.used - ID_DIGITS, made.used);
}

function newIds(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(IDS_AT_ONCE * ID_BYTES));
  const digits = new Uint8Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const value = asInUuid(bytes[at] as number, at % ID_BYTES);
    digits[2 * at] = DIGITS[value >> 4] as number;
    digits[2 * at + 1] = DIGITS[value & 0x0f] as number;
  }
  return new TextDecoder().decode(digits);
}

/** RFC 9562, section 5.4: the version is in octet 6, the variant in octet 8. */
function asInUuid(byte: number, octet: number): number {
  if (octet === 6) return (byte & 0x0f) | 0x40;
  return octet === 8 ? (byte & 0x3f) | 0x80 : byte;
}

/** 8 bytes in hex. */
export const newSpanId = (): string => newTraceId().slice(16);
