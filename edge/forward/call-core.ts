import { HOP_HEADER } from '#contracts/hop.ts';
import { DomainError } from '#platform/problem/domain-error.ts';
import type { EdgeContext, Origin } from '../context.ts';
import { signHop } from './sign-hop.ts';

/** Milliseconds. A write may wait for a database that is busy; a reader would rather have an old answer. */
const TIMEOUT_MS = { read: 3_000, write: 10_000 } as const;
const RETRY_AFTER_SECONDS = 2;

export interface CoreCall {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  /** On whose behalf; absent for anonymous calls. */
  readonly partner?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: Pick<Origin, 'requestId' | 'traceparent'>;
  readonly timeoutMs?: number;
}

export interface CoreAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** 503: core cannot be reached or does not work. Whether a write took place is not known. */
export class CoreUnavailable extends DomainError {
  constructor(reason: string) {
    super('core-unavailable', 'The region cannot answer now: keep the Idempotency-Key and try again', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
    this.cause = reason;
  }
}

type CallContext = Pick<EdgeContext, 'config' | 'now' | 'fetch' | 'deadline' | 'log' | 'observe'>;

/** One signed call to core, never repeated and never redirected. Throws CoreUnavailable. */
export async function callCore(ctx: CallContext, call: CoreCall): Promise<CoreAnswer> {
  try {
    const response = await send(ctx, call);
    const fault = faultOf(response);
    if (fault) throw new Error(fault);
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { method, target, origin } = call;
    const path = target.split('?', 1)[0];
    ctx.log.warn({ reason, method, path, requestId: origin?.requestId }, 'core cannot be used');
    ctx.observe({ kind: 'core-unavailable' });
    throw new CoreUnavailable(reason);
  }
}

async function send(ctx: CallContext, call: CoreCall): Promise<Response> {
  const { method, body, partner, origin } = call;
  const url = new URL(call.target, ctx.config.CORE_URL);
  const requestId = origin?.requestId ?? crypto.randomUUID();
  const path = url.pathname + url.search;
  const headers = {
    ...call.headers,
    'x-request-id': requestId,
    ...(origin && { traceparent: origin.traceparent }),
    [HOP_HEADER]: await signHop(ctx, { method, path, body, partner, requestId }),
  };
  return ctx.fetch(url.href, {
    method,
    headers,
    redirect: 'manual',
    signal: ctx.deadline(call.timeoutMs ?? TIMEOUT_MS[method === 'GET' ? 'read' : 'write']),
    ...(body && { body }),
  });
}

/** Answers that are no answer: a gateway's, a redirect, or a hop that core does not believe. */
function faultOf({ status, type }: Response): string | undefined {
  if (type === 'opaqueredirect' || (status >= 300 && status < 400)) return 'it answered with a redirect';
  if (status === 401) return 'it refused the signature of this edge: HOP_KEY or a clock differs';
  if (status === 502 || status === 503 || status === 504) return `it answered ${status}`;
  return undefined;
}
