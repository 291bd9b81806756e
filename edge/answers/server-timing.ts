import type { Context, MiddlewareHandler } from 'hono';
import { setHeader } from '#platform/telemetry/trace.ts';
import type { EdgeContext, EdgeEnv } from '../context.ts';

/** What a route did for an answer. */
export interface Work {
  /** When the caller had been let in, ms since 1970. */
  readonly admittedAt: number;
  /** Metrics as W3C Server Timing, section 3 writes them, such as `cache;desc="hit"`. */
  readonly metrics: string;
}

/**
 * `Server-Timing`: how long it took to let the caller in, what the route did, and all of it, in whole milliseconds. An
 * answer that no route worked on has none: how long a key took to be refused is nobody's to learn.
 */
export function tellTimes(ctx: Pick<EdgeContext, 'now'>): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const startedAt = ctx.now();
    await next();
    const work = c.get('work');
    if (!work) return;
    setHeader(c, 'server-timing', serverTiming(work, { startedAt, endedAt: ctx.now() }));
  };
}

/** The value of the header. */
export function serverTiming(work: Work, { startedAt, endedAt }: { startedAt: number; endedAt: number }): string {
  return `limit;dur=${work.admittedAt - startedAt}, ${work.metrics}, total;dur=${endedAt - startedAt}`;
}

interface Timed<Result> {
  readonly now: () => number;
  readonly admittedAt: number;
  readonly run: () => Promise<Result>;
  /** Metrics of so many milliseconds; there is no result when it threw. */
  readonly tell: (ms: number, result?: Result) => string;
}

/** Runs what `tellTimes` will tell of, also when it fails. */
export async function timeWork<Result>(c: Context<EdgeEnv>, { now, admittedAt, run, tell }: Timed<Result>) {
  const startedAt = now();
  let result: Result | undefined;
  try {
    result = await run();
    return result;
  } finally {
    c.set('work', { admittedAt, metrics: tell(now() - startedAt, result) });
  }
}
