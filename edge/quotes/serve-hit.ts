import { PARTNER_KEY } from '#contracts/partner.ts';
import { idsOf } from '#platform/telemetry/trace.ts';
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

export interface Doors {
  readonly directory: PartnerDirectory;
  readonly goodKeys: GoodKeys;
  readonly limiter: Limiter;
  readonly cache: Cache;
}

/** What a worker is told to wait for. */
interface Lifespan {
  waitUntil(work: Promise<unknown>): void;
}

const QUOTES = '/v1/quotes/';
const ROUTE = '/v1/quotes/:product';
const SCHEME = 'Bearer ';
const HIT = { hit: true } as const;
/** Whoever sends these is owed more than the answer. */
const UNUSUAL = ['if-none-match', 'idempotency-key'];

/**
 * Answers the usual request at once: a partner whose key was good before, with a token here, for a quote that is fresh here and
 * was asked for in these very words. It is what the router would answer, without its way there, which takes longer than
 * all of this. Undefined, and nothing done, for any other request.
 */
export function createHitServer(ctx: EdgeContext, { directory, goodKeys, limiter, cache }: Doors) {
  const partnerOf = (authorization: string | null): EdgePartner | undefined => {
    if (!authorization?.startsWith(SCHEME)) return undefined;
    const key = authorization.slice(SCHEME.length);
    const partnerId = PARTNER_KEY.exec(key)?.[1];
    const partner = partnerId === undefined ? undefined : directory.recall(partnerId);
    return partner && goodKeys.isKnown(key, partner.keyDigests) ? partner : undefined;
  };

  return (request: Request, lifespan: Lifespan | undefined): Response | undefined => {
    const { method, url } = request;
    const target = url.slice(url.indexOf('/', SCHEMES_LENGTH));
    if (method !== 'GET' || !target.startsWith(QUOTES)) return undefined;
    const { headers } = request;
    const partner = partnerOf(headers.get('authorization'));
    if (!partner || UNUSUAL.some((name) => headers.has(name))) return undefined;
    const asked = headers.get('x-request-id');
    // It might be a key.
    if (asked?.includes('ik_')) return undefined;
    const now = ctx.now();
    const answer = cache.hit(target);
    if (!answer) return undefined;
    const background = (work: Promise<unknown>) => lifespan?.waitUntil(work.catch(() => undefined));
    const allowance = limiter.takeNow(partnerCaller(ctx, partner), { background });
    if (!allowance) return undefined;

    const { traceId, requestId } = idsOf((name) => (name === 'x-request-id' ? asked : headers.get(name)));
    const ms = ctx.now() - now;
    ctx.observe({ kind: 'cache', result: 'hit' });
    const path = target.split('?', 1)[0] ?? target;
    tellRequest(ctx, { method, route: ROUTE, path, status: 200, ms, traceId, requestId, partner: partner.id });
    const work = { admittedAt: now, metrics: 'cache;desc="hit"' };
    return new Response(answer.body, {
      headers: {
        ...answerHeaders(answer, { how: HIT, now, keyed: true }),
        ...rateLimitHeaders(allowance),
        'server-timing': serverTiming(work, { startedAt: now, endedAt: now + ms }),
        'x-request-id': requestId,
        ...PROTECTION,
      },
    });
  };
}

/** The host begins behind it, and the path with the first slash after. */
const SCHEMES_LENGTH = 'https://'.length;
