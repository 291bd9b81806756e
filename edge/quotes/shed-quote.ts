import { PROBLEM_BASE, PROBLEMS } from '#contracts/problem.ts';
import { idsOf } from '#platform/telemetry/trace.ts';
import { recordRequest } from '#platform/tracing/record-request.ts';
import { newSpanId } from '#platform/tracing/traceparent.ts';
import { PROTECTION } from '../answers/protect-answers.ts';
import type { EdgeContext } from '../context.ts';
import { countShed, RETRY_AFTER_SECONDS, UNAVAILABLE } from '../forward/call-core.ts';
import { MOST_URL } from '../forward/refuse-oversized.ts';
import { createPartnerCallers } from '../limits/partner-caller.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';
import { recallPartner } from '../partners/recall-partner.ts';
import { pathOf } from '../path-of.ts';
import type { AnswerAtOnce, Doors } from './at-once.ts';

const QUOTE = /^\/v1\/quotes\/[a-z]{1,32}\?/;
const ROUTE = '/v1/quotes/:product';
const SLUG = 'core-unavailable';
const { status, title } = PROBLEMS[SLUG];
/** All of it but where and on whose trace. */
const PROBLEM = JSON.stringify({ type: PROBLEM_BASE + SLUG, title, status, detail: UNAVAILABLE }).slice(0, -1);
/** Of refusals a line is logged this often, ms, with how many they were. */
const TELL_MS = 1_000;

const HEADERS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'retry-after': String(RETRY_AFTER_SECONDS),
  ...PROTECTION,
};

/**
 * Refuses a known partner's quote at once when core would have to be asked and has as many calls as it can answer. The
 * router would refuse it too, but its way there takes many times as long, and under ten times as many quotes as core can
 * answer that would take the time of those who are answered. Takes nothing of the partner's limit, and so never waits for
 * the store. Undefined, and nothing done, for any other.
 */
export function createShedder(ctx: EdgeContext, doors: Doors): AnswerAtOnce {
  const { cache, limiter } = doors;
  const tell = createTeller(ctx);
  const callerOf = createPartnerCallers(ctx);
  return ({ method, target, header }) => {
    if (!cache.isShed(target)) return undefined;
    if (method !== 'GET' || !QUOTE.test(target) || target.length > MOST_URL) return undefined;
    // It might be a key, which is refused otherwise.
    if (target.includes('ik_') || header('x-request-id')?.includes('ik_')) return undefined;
    const partner = recallPartner(doors, header('authorization'));
    if (!partner) return undefined;

    const ids = idsOf(header, ctx.tracer);
    const startMs = ctx.tracer?.now() ?? 0;
    if (ctx.tracer) recordRequest(ctx.tracer, { ...ids, spanId: newSpanId(), method, route: ROUTE, status, startMs });
    ctx.observe({ kind: 'request', method, route: ROUTE, status, ms: 0 });
    cache.shed();
    countShed(ctx);
    tell();
    const path = pathOf(target);
    return {
      status,
      shared: HEADERS,
      own: { ...rateLimitHeaders(limiter.peek(callerOf(partner))), 'x-request-id': ids.requestId },
      body: `${PROBLEM},"instance":"${path}","traceId":"${ids.traceId}"}`,
    };
  };
}

/** Logs how many were refused, once a second: of each request there is a line, and of these there may be thousands. */
function createTeller(ctx: Pick<EdgeContext, 'log' | 'now'>): () => void {
  let [refused, toldAt] = [0, 0];
  return () => {
    refused += 1;
    if (Math.abs(ctx.now() - toldAt) < TELL_MS) return;
    ctx.log.warn({ refused }, 'quotes were refused: more are asked for than core can answer');
    [refused, toldAt] = [0, ctx.now()];
  };
}
