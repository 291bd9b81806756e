import type { MiddlewareHandler } from 'hono';
import type { Wait } from '#platform/lifecycle/wait.ts';

interface Delay {
  /** From the request's arrival to its answer, at least. */
  readonly delayMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly wait: Wait;
  /** Aborted when the stand-in stops: nobody waits any longer. */
  readonly stopping: AbortSignal;
}

/** An Upstash that is far or slow: the work is done at once, its answer comes late. Any number of requests wait together. */
export function delayAnswers({ delayMs, now, wait, stopping }: Delay): MiddlewareHandler {
  return async (_c, next) => {
    const cameAt = now();
    await next();
    const leftMs = cameAt + delayMs - now();
    if (leftMs > 0) await wait(leftMs, stopping);
  };
}
