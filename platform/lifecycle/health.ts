import { Hono } from 'hono';
import { abortable } from './abortable.ts';

/** One named check of `/healthz/gslb`: resolves when good, rejects with the reason when not. */
export type Check = () => Promise<void>;

/** What a service tells of itself; `ready` is false while starting and while draining. */
export interface Health {
  ready: boolean;
  readonly checks: Readonly<Record<string, Check>>;
}

type Outcome = { status: 200 | 503; body: { status: 'ok' | 'failing'; checks: Record<string, string> } };

/** Deep checks are asked for by many probes at once: one round of them serves all for this long. */
const CACHE_MS = 1_000;
/** What has not come back within this hangs, and is failing: before a load balancer gives its probe up after 1 s. */
export const CHECK_MS = 800;

interface HealthContext {
  /** Milliseconds, from whenever. */
  readonly now: () => number;
  /** A signal that aborts after so many milliseconds. */
  readonly deadline?: (ms: number) => AbortSignal;
}

/** `/healthz/live`, `/healthz/ready` and `/healthz/gslb`: 200 or 503, JSON with each check, within a second of being asked. */
export function healthRoutes(health: Health, { now, deadline = (ms) => AbortSignal.timeout(ms) }: HealthContext): Hono {
  let cached: { until: number; outcome: Promise<Outcome> } | undefined;
  const deep = () => {
    if (!cached || now() >= cached.until)
      cached = { until: now() + CACHE_MS, outcome: runChecks(health.checks, deadline(CHECK_MS)) };
    return cached.outcome;
  };
  return new Hono()
    .get('/healthz/live', (c) => c.json({ status: 'ok', checks: {} }))
    .get('/healthz/ready', (c) => {
      const state = health.ready ? 'ok' : 'failing';
      return c.json({ status: state, checks: { ready: state } }, health.ready ? 200 : 503);
    })
    .get('/healthz/gslb', async (c) => {
      if (!health.ready) return c.json({ status: 'failing', checks: { ready: 'failing' } }, 503);
      const { status, body } = await deep();
      return c.json(body, status, { 'cache-control': 'no-store' });
    });
}

/** One round of checks; what has not come back when `late` aborts is failing. */
export async function runChecks(checks: Health['checks'], late: AbortSignal): Promise<Outcome> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const failed = await abortable(check(), late).then(
        () => false,
        () => true,
      );
      return [name, failed ? 'failing' : 'ok'] as const;
    }),
  );
  const failing = entries.some(([, state]) => state === 'failing');
  return {
    status: failing ? 503 : 200,
    body: { status: failing ? 'failing' : 'ok', checks: Object.fromEntries(entries) },
  };
}
