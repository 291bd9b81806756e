import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { FieldError, ProblemSlug } from '#contracts/problem.ts';
import type { TraceVariables } from '#platform/telemetry/trace.ts';
import { problemResponse } from './answer.ts';
import { isDatabaseAway } from './database-away.ts';
import { DomainError, InvalidRequest, type ProblemExtras } from './domain-error.ts';
import { methodsAt, type RouteName } from './methods-at.ts';

type Env = { Variables: TraceVariables };
type LogError = (fields: { err: unknown; traceId: string; path: string }, message: string) => void;

function answer(c: Context<Env>, refusal: { slug: ProblemSlug; detail: string; extras?: ProblemExtras }): Response {
  const extras = refusal.extras ?? {};
  return problemResponse(refusal.slug, refusal.detail, { ...extras, instance: c.req.path, traceId: c.get('traceId') });
}

/** Bodies that no schema gets to see, by the status that Hono gives them. */
const UNREADABLE: Readonly<Record<number, FieldError>> = {
  400: { field: 'body', message: 'is not valid JSON' },
  415: { field: 'content-type', message: 'must be application/json' },
};

function refusalOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  const unreadable = error instanceof HTTPException ? UNREADABLE[error.status] : undefined;
  return unreadable && new InvalidRequest([unreadable]);
}

/** What became of a write is not known then: whoever keeps the Idempotency-Key finds out by trying again. */
const AWAY = {
  slug: 'core-unavailable',
  detail: 'The database cannot be asked now: keep the Idempotency-Key and try again',
  extras: { retryAfterSeconds: 2 },
} as const;

/**
 * A refusal is answered as it says; anything else is logged with its cause, and answered with `core-unavailable` when the
 * database was away, else with a bare `internal`.
 */
export function onError(logError: LogError): ErrorHandler<Env> {
  return (error, c) => {
    const refusal = refusalOf(error);
    if (refusal) return answer(c, { slug: refusal.slug, detail: refusal.message, extras: refusal.extras });
    logError({ err: error, traceId: c.get('traceId'), path: c.req.path }, 'unexpected error');
    if (isDatabaseAway(error)) return answer(c, AWAY);
    return answer(c, {
      slug: 'internal',
      detail: 'Something went wrong on our side; the traceId finds it in our logs',
    });
  };
}

/** 404; of a path that has a route, 405 with the methods that it has (RFC 9110, section 15.5.6). */
export function onNotFound(routes: readonly RouteName[]): NotFoundHandler<Env> {
  return (c) => {
    const { method, path } = c.req;
    const detail = `There is nothing at ${method} ${path}`;
    const allow = methodsAt(routes, path);
    if (allow.length === 0 || allow.includes(method)) return answer(c, { slug: 'not-found', detail });
    return answer(c, {
      slug: 'method-not-allowed',
      detail: `${detail}: use ${allow.join(' or ')}`,
      extras: { allow },
    });
  };
}
