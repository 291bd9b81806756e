import { type Ids, idsOf } from '#platform/telemetry/trace.ts';
import { recordRequest } from '#platform/tracing/record-request.ts';
import { newSpanId } from '#platform/tracing/traceparent.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { PROTECTION } from '../answers/protect-answers.ts';
import { serverTiming } from '../answers/server-timing.ts';
import type { EdgeContext } from '../context.ts';
import { createPartnerCallers } from '../limits/partner-caller.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';
import { tellRequest } from '../observe-requests.ts';
import { recallPartner } from '../partners/recall-partner.ts';
import { pathOf } from '../path-of.ts';
import { answerHeaders } from './answer.ts';
import type { AnswerAtOnce, Doors } from './at-once.ts';
import type { CachedAnswer } from './cached-answer.ts';

const QUOTES = '/v1/quotes/';
const ROUTE = '/v1/quotes/:product';
const HIT = { hit: true } as const;

const timingOf = (ms: number): string =>
  serverTiming({ admittedAt: 0, metrics: 'cache;desc="hit"' }, { startedAt: 0, endedAt: ms });
const IN_NO_TIME = timingOf(0);

/**
 * Answers the usual request at once: a partner whose key was good before, with a token here, for a quote that is fresh here and
 * was asked for in these very words. It is what the router would answer, without its way there, which takes longer than
 * all of this. Undefined, and nothing done, for any other request.
 */
export function createHitServer(ctx: EdgeContext, doors: Doors): AnswerAtOnce {
  const { limiter, cache } = doors;
  const headersOf = createHitHeaders();
  const callerOf = createPartnerCallers(ctx);

  return ({ method, target, header, background }) => {
    if (method !== 'GET' || !target.startsWith(QUOTES)) return undefined;
    const partner = recallPartner(doors, header('authorization'));
    if (!partner) return undefined;
    // Whoever sends these is owed more than the answer.
    if (header('if-none-match') != null || header('idempotency-key') != null) return undefined;
    // It might be a key.
    if (header('x-request-id')?.includes('ik_')) return undefined;
    const now = ctx.now();
    const answer = cache.hit(target);
    const allowance = answer && limiter.takeNow(callerOf(partner), { background });
    if (!allowance) return undefined;

    const ids = idsOf(header, ctx.tracer);
    const { traceId, requestId } = ids;
    if (ctx.tracer) recordHit(ctx.tracer, { ids, method });
    const ms = ctx.now() - now;
    ctx.observe({ kind: 'cache', result: 'hit' });
    tellRequest(ctx, {
      method,
      route: ROUTE,
      path: pathOf(target),
      status: 200,
      ms,
      traceId,
      requestId,
      partner: partner.id,
    });
    return {
      status: 200,
      shared: headersOf(answer, now),
      own: {
        ...rateLimitHeaders(allowance),
        'server-timing': ms === 0 ? IN_NO_TIME : timingOf(ms),
        'x-request-id': requestId,
      },
      body: answer.body,
    };
  };
}

/** What is said of an answer to everybody, made once for each second that it tells. */
function createHitHeaders(): (answer: CachedAnswer, now: number) => Record<string, string> {
  const said = new WeakMap<CachedAnswer, { age: number; left: number; headers: Record<string, string> }>();
  return (answer, now) => {
    const age = Math.floor((now - answer.fetchedAt) / 1000);
    const left = Math.floor((answer.freshUntil - now) / 1000);
    const known = said.get(answer);
    if (known?.age === age && known.left === left) return known.headers;
    const headers = { ...answerHeaders(answer, { how: HIT, now, keyed: true }), ...PROTECTION };
    said.set(answer, { age, left, headers });
    return headers;
  };
}

/** A span of no length: the clock is not asked twice for what takes microseconds. */
function recordHit(tracer: Tracer, { ids, method }: { ids: Ids; method: string }): void {
  recordRequest(tracer, { ...ids, spanId: newSpanId(), method, route: ROUTE, status: 200, startMs: tracer.now() });
}
