import { PROBLEM_BASE, PROBLEMS, type Problem, type ProblemSlug } from '#contracts/problem.ts';
import type { ProblemExtras } from './domain-error.ts';

/** An application/problem+json response (RFC 9457). */
export function problemResponse(
  slug: ProblemSlug,
  detail: string,
  { instance, traceId, ...extras }: ProblemExtras & { instance: string; traceId: string },
): Response {
  const { status, title } = PROBLEMS[slug];
  const { retryAfterSeconds, errors, home, quote, allow } = extras;
  const problem: Problem = {
    type: `${PROBLEM_BASE}${slug}`,
    title,
    status,
    detail,
    instance,
    ...(errors && { errors: [...errors] }),
    ...(home && { home }),
    ...(quote && { quote }),
    traceId,
  };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))));
  if (allow) headers.set('allow', allow.join(', '));
  if (slug === 'unauthenticated') headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify(problem), { status, headers });
}
