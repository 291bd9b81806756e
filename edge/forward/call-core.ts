import { DomainError } from '#platform/problem/domain-error.ts';
import { readTraceparent } from '#platform/tracing/traceparent.ts';
import type { EdgeContext } from '../context.ts';
import { pathOf } from '../path-of.ts';
import { guardCall, type Refused } from './guard-call.ts';
import { needOf } from './hop.ts';
import type { Lane } from './queue.ts';
import { type SentCall, sendCall } from './send-call.ts';

/** Milliseconds. A write may wait for a database that is busy; a reader would rather have an old answer. */
export const TIMEOUT_MS = { read: 3_000, write: 10_000 } as const;
/** When nothing better is known. */
export const RETRY_AFTER_SECONDS = 2;
export const UNAVAILABLE = 'The region cannot answer now: keep the Idempotency-Key and try again';

export interface CoreAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface CoreCall extends SentCall {
  /** Who goes first; a sale for a POST, else a reader, unless it says. */
  readonly lane?: Lane;
  readonly timeoutMs?: number;
  /** Aborts when the client has gone. What waits then is not sent; what was sent goes on. */
  readonly gone?: AbortSignal;
}

/** 503: core cannot be reached or does not work, or this call was not sent. Whether a write took place is not known. */
export class CoreUnavailable extends DomainError {
  constructor(reason: string, retryAfterSeconds: number = RETRY_AFTER_SECONDS) {
    super('core-unavailable', UNAVAILABLE, { retryAfterSeconds });
    this.cause = reason;
  }
}

type CallContext = Pick<EdgeContext, 'config' | 'now' | 'fetch' | 'deadline' | 'log' | 'observe' | 'hop' | 'tracer'>;

/**
 * One call to core in its time: signed, when its turn comes, and once more when it was lost at once and may be repeated,
 * which a write without an Idempotency-Key never may. Throws CoreUnavailable.
 */
export function callCore(ctx: CallContext, call: CoreCall): Promise<CoreAnswer> {
  const calling = run(ctx, call);
  // It gives its place back also when the client has gone and the runtime would end its request.
  call.origin?.background?.(calling);
  return calling;
}

async function run(ctx: CallContext, call: CoreCall): Promise<CoreAnswer> {
  const { method, target } = call;
  const deadline = ctx.now() + (call.timeoutMs ?? TIMEOUT_MS[method === 'GET' ? 'read' : 'write']);
  const requestId = call.origin?.requestId ?? crypto.randomUUID();
  const lane = call.lane ?? (method === 'GET' ? 'read' : 'purchase');
  const outcome = await guardCall(ctx, {
    need: needOf(target),
    lane,
    deadline,
    mayRepeat: lane !== 'renewal' && (method === 'GET' || call.headers?.['idempotency-key'] !== undefined),
    gone: call.gone,
    attempt: () => sendCall(ctx, call, { deadline, requestId }),
  });
  ctx.observe({ kind: 'core-call', lane, outcome: outcome.kind === 'refused' ? outcome.why : outcome.kind });
  if (outcome.kind === 'answered') return outcome.answer;
  if (outcome.kind === 'failed') throw failed(ctx, call, { ...outcome, requestId });
  throw refused(ctx, outcome);
}

/** Says why a call that was sent brought no answer. */
export function failed(
  ctx: Pick<EdgeContext, 'log' | 'observe'>,
  { method, target, origin }: SentCall,
  { reason, requestId }: { reason: string; requestId: string },
): CoreUnavailable {
  const traceId = origin && readTraceparent(origin.traceparent)?.traceId;
  const path = pathOf(target);
  ctx.log.warn({ reason, method, path, requestId, ...(traceId && { traceId }) }, 'core cannot be used');
  ctx.observe({ kind: 'core-unavailable' });
  return new CoreUnavailable(reason);
}

/** Counts a reader's call that is not begun, because core has as many as it can answer. */
export function countShed(ctx: Pick<EdgeContext, 'observe'>): void {
  ctx.observe({ kind: 'core-call', lane: 'read', outcome: 'queue-full' });
  ctx.observe({ kind: 'core-unavailable' });
}

/** Counted and not logged: of these there may be thousands in a second. */
function refused(ctx: Pick<EdgeContext, 'observe'>, { why, retryInMs }: Refused): CoreUnavailable {
  ctx.observe({ kind: 'core-unavailable' });
  return new CoreUnavailable(why, retryInMs === undefined ? RETRY_AFTER_SECONDS : retryInMs / 1_000);
}
