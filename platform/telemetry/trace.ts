import type { Context, MiddlewareHandler } from 'hono';

/** W3C Trace Context, level 1, section 3.2: version 00, 16-byte trace id, 8-byte parent id, flags. An id of zeros is none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Who a request is, from the first hop to the outbox. */
export interface TraceVariables {
  traceId: string;
  traceparent: string;
  requestId: string;
}

/** 16 bytes in hex, random but for the six bits of a UUID; no half of it is ever zero. */
const random = () => crypto.randomUUID().replaceAll('-', '');

/** Answers that came from elsewhere have headers that cannot be changed; to copy every answer would take 15 us. */
export function setHeader(c: Context, name: string, value: string): void {
  try {
    c.res.headers.set(name, value);
  } catch {
    c.res = new Response(c.res.body, c.res);
    c.res.headers.set(name, value);
  }
}

/** What a request is called. */
export interface Ids extends Pick<TraceVariables, 'traceId' | 'requestId'> {
  /** Two hex digits of the caller's `traceparent`: whether the trace is recorded. */
  readonly flags: string;
}

/** The caller's trace goes on, or one begins; its own id is kept, else it is called as its trace. `header` tells of one by name. */
export function idsOf(header: (name: string) => string | null | undefined): Ids {
  const known = TRACEPARENT.exec(header('traceparent') ?? '');
  const traceId = known?.[1] ?? random();
  const asked = header('x-request-id');
  return {
    traceId,
    flags: known?.[2] ?? '01',
    requestId: asked && REQUEST_ID.test(asked) ? asked : known ? random() : traceId,
  };
}

/** Continues the caller's trace or begins one; every answer carries `x-request-id`. */
export function trace(): MiddlewareHandler<{ Variables: TraceVariables }> {
  return async (c, next) => {
    const { traceId, flags, requestId } = idsOf((name) => c.req.header(name));
    c.set('traceId', traceId);
    c.set('traceparent', `00-${traceId}-${random().slice(16)}-${flags}`);
    c.set('requestId', requestId);
    await next();
    setHeader(c, 'x-request-id', requestId);
  };
}
