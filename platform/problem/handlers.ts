import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ProblemSlug } from '#contracts/problem.ts';
import type { TraceVariables } from '#platform/telemetry/trace.ts';
import { problemResponse } from './answer.ts';
import { DomainError, type ProblemExtras } from './domain-error.ts';

type Env = { Variables: TraceVariables };
type LogError = (fields: { err: unknown; traceId: string; path: string }, message: string) => void;

function answer(c: Context<Env>, refusal: { slug: ProblemSlug; detail: string; extras?: ProblemExtras }): Response {
  const extras = refusal.extras ?? {};
  return problemResponse(refusal.slug, refusal.detail, { ...extras, instance: c.req.path, traceId: c.get('traceId') });
}

/** A refusal is answered as it says; anything else is logged with its cause and answered with a bare `internal`. */
export function onError(logError: LogError): ErrorHandler<Env> {
  return (error, c) => {
    if (error instanceof DomainError) {
      return answer(c, { slug: error.slug, detail: error.message, extras: error.extras });
    }
    if (error instanceof HTTPException && error.status === 400) {
      return answer(c, { slug: 'invalid-request', detail: 'The body is not valid JSON' });
    }
    logError({ err: error, traceId: c.get('traceId'), path: c.req.path }, 'unexpected error');
    return answer(c, {
      slug: 'internal',
      detail: 'Something went wrong on our side; the traceId finds it in our logs',
    });
  };
}

export const onNotFound: NotFoundHandler<Env> = (c) =>
  answer(c, { slug: 'not-found', detail: `There is nothing at ${c.req.method} ${c.req.path}` });
