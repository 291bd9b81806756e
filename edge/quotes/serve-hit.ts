import { PARTNER_KEY } from '#contracts/partner.ts';
import { type Ids, idsOf } from '#platform/telemetry/trace.ts';
import { recordRequest } from '#platform/tracing/record-request.ts';
import { newSpanId } from '#platform/tracing/traceparent.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { PROTECTION } from '../answers/protect-answers.ts';
import { serverTiming } from '../answers/server-timing.ts';
import type { EdgeContext } from '../context.ts';
import type { Limiter } from '../limits/limiter.ts';
import { partnerCaller } from '../limits/partner-caller.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';
import { tellRequest } from '../observe-requests.ts';
import type { EdgePartner } from '../partners/edge-partner.ts';
import type { GoodKeys } from '../partners/good-keys.ts';
import type { PartnerDirectory } from '../partners/partner-directory.ts';
import { answerHeaders } from './answer.ts';
import type { Cache } from './cache.ts';
import type { CachedAnswer } from './cached-answer.ts';

export interface Doors {
  readonly directory: PartnerDirectory;
  readonly goodKeys: GoodKeys;
  readonly limiter: Limiter;
  readonly cache: Cache;
}

/** As much of a request as a hit may depend on, however a runtime tells it. */
export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** The fields of a name, in lower case, joined by commas as in RFC 9110, section 5.3. */
  readonly header: (name: string) => string | null | undefined;
  readonly background: (work: Promise<unknown>) => void;
}

/** 200, with these headers and this body. */
export interface Hit {
  /** What is said of this answer to everybody: the same object for as long as it says the same. */
  readonly shared: Readonly<Record<string, string>>;
  /** What is said to who asked. */
  readonly own: Readonly<Record<string, string>>;
  readonly body: CachedAnswer['body'];
}

export type ServeHit = (asked: Asked) => Hit | undefined;

const QUOTES = '/v1/quotes/';
const ROUTE = '/v1/quotes/:product';
const SCHEME = 'Bearer ';
const HIT = { hit: true } as const;

/**
 * Answers the usual request at once: a partner whose key was good before, with a token here, for a quote that is fresh here and
 * was asked for in these very words. It is what the router would answer, without its way there, which takes longer than
 * all of this. Undefined, and nothing done, for any other request.
 */
export function createHitServer(ctx: EdgeContext, { directory, goodKeys, limiter, cache }: Doors): ServeHit {
  const partnerOf = (authorization: string | null | undefined): EdgePartner | undefined => {
    if (!authorization?.startsWith(SCHEME)) return undefined;
    const key = authorization.slice(SCHEME.length);
    const partnerId = PARTNER_KEY.exec(key)?.[1];
    const partner = partnerId === undefined ? undefined : directory.recall(partnerId);
    return partner && goodKeys.isKnown(key, partner.keyDigests) ? partner : undefined;
  };

  const headersOf = createHitHeaders();

  const serve: ServeHit = ({ method, target, header, background }) => {
    if (method !== 'GET' || !target.startsWith(QUOTES)) return undefined;
    const partner = partnerOf(header('authorization'));
    if (!partner) return undefined;
    // Whoever sends these is owed more than the answer.
    if (header('if-none-match') != null || header('idempotency-key') != null) return undefined;
    // It might be a key.
    if (header('x-request-id')?.includes('ik_')) return undefined;
    const now = ctx.now();
    const answer = cache.hit(target);
    const allowance = answer && limiter.takeNow(partnerCaller(ctx, partner), { background });
    if (!allowance) return undefined;

    const ids = idsOf(header, ctx.tracer);
    const { traceId, requestId } = ids;
    if (ctx.tracer) recordHit(ctx.tracer, { ids, method });
    const ms = ctx.now() - now;
    ctx.observe({ kind: 'cache', result: 'hit' });
    const path = target.split('?', 1)[0] ?? target;
    tellRequest(ctx, { method, route: ROUTE, path, status: 200, ms, traceId, requestId, partner: partner.id });
    const work = { admittedAt: now, metrics: 'cache;desc="hit"' };
    return {
      shared: headersOf(answer, now),
      own: {
        ...rateLimitHeaders(allowance),
        'server-timing': serverTiming(work, { startedAt: now, endedAt: now + ms }),
        'x-request-id': requestId,
      },
      body: answer.body,
    };
  };

  return (asked) => {
    try {
      return serve(asked);
    } catch (err) {
      // A bug here must not end a process that would throw it nowhere else.
      ctx.log.error({ err }, 'a hit failed, and is left to the router');
      return undefined;
    }
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

/** The host begins behind it, and the path with the first slash after. */
const SCHEMES_LENGTH = 'https://'.length;

/** What a worker is told to wait for. */
interface Lifespan {
  waitUntil(work: Promise<unknown>): void;
}

/** The same for a runtime that has a Request at hand. */
export function hitsOverFetch(serveHit: ServeHit) {
  return ({ method, url, headers }: Request, lifespan: Lifespan | undefined): Response | undefined => {
    const hit = serveHit({
      method,
      target: url.slice(url.indexOf('/', SCHEMES_LENGTH)),
      header: (name) => headers.get(name),
      background: (work) => lifespan?.waitUntil(work.catch(() => undefined)),
    });
    return hit && new Response(hit.body, { headers: { ...hit.shared, ...hit.own } });
  };
}
