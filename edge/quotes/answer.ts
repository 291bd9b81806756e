import type { Context } from 'hono';
import type { EdgeContext, EdgeEnv } from '../context.ts';
import { respond } from '../forward/route.ts';
import type { How, Reading } from './cache.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { stateOf } from './freshness.ts';

/** A reading as HTTP: 200 or 304 with what RFC 9111 and 9211 say of it, or core's refusal as it is. */
export function answerReading(ctx: Pick<EdgeContext, 'now'>, c: Context<EdgeEnv>, reading: Reading): Response {
  if (reading.kind === 'refusal') {
    const response = respond(reading.refusal);
    response.headers.set('cache-status', `${statusOf(reading.how)}; fwd-status=${reading.refusal.status}`);
    return response;
  }
  const { answer, how } = reading;
  const headers = answerHeaders(answer, { how, now: ctx.now(), keyed: c.req.header('authorization') !== undefined });
  if (isKnown(c.req.header('if-none-match'), answer.etag)) return c.newResponse(null, { status: 304, headers });
  return c.newResponse(answer.body, { status: 200, headers });
}

/** What is said of an answer at `now`; `keyed` when it is for who shows a key. */
export function answerHeaders(
  answer: CachedAnswer,
  { how, now, keyed }: { how: How; now: number; keyed: boolean },
): Record<string, string> {
  return {
    'content-type': answer.contentType,
    etag: answer.etag,
    vary: 'Authorization',
    ...ages(answer, { now, keyed }),
    'cache-status': how.hit ? hitOf(answer, { how, now }) : `${statusOf(how)}${storedOf(answer, now)}`,
  };
}

/** max-age counts from the call to core, as Age does: what is left is their difference. */
function ages(answer: CachedAnswer, { now, keyed }: { now: number; keyed: boolean }): Record<string, string> {
  if (stateOf(answer, now) === 'expired') return { 'cache-control': 'no-store' };
  // A clock that was set back makes it stale, whatever its age seems to be.
  const isAhead = now < answer.fetchedAt;
  const lifetime = isAhead ? 0 : Math.max(0, Math.floor((answer.freshUntil - answer.fetchedAt) / 1000));
  const scope = keyed ? 'private' : 'public';
  return {
    'cache-control': `${scope}, max-age=${lifetime}, must-revalidate`,
    age: String(ageSeconds(answer, now)),
  };
}

function ageSeconds({ fetchedAt }: CachedAnswer, now: number): number {
  return Math.max(0, Math.floor((now - fetchedAt) / 1000));
}

/**
 * RFC 9211, section 2.4: `ttl` is what is left of the freshness that this cache gives, negative once it has ended. A newer
 * revision ends it, so it counts from that moment as it does from 30 s; so does max-age, and nobody behind keeps an old
 * price for the rest of them.
 */
function hitOf(answer: CachedAnswer, { how, now }: { how: How; now: number }): string {
  const left = Math.floor((answer.freshUntil - now) / 1000);
  const ttl = stateOf(answer, now) === 'fresh' ? left : Math.min(0, left);
  return `insuretech-edge; hit; ttl=${ttl}${how.fromStore ? '; detail=store' : ''}`;
}

function statusOf({ forwarded, joined }: How): string {
  return `insuretech-edge; fwd=${forwarded}${joined ? '; collapsed' : ''}`;
}

function storedOf(answer: CachedAnswer, now: number): string {
  return stateOf(answer, now) === 'expired' ? '' : '; stored';
}

/** RFC 9110, section 13.1.2: weak comparison, a list or `*`. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
