import { hostname } from 'node:os';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/** What one request in flight holds: small, so that a pod nears its limit in steps and not in a jump. */
export const STEP_BYTES = 128 * 1024;
/** Further requests are answered at once and hold nothing, so that load does not push a pod over its 30Mi. */
export const MAX_STEPS = 60;
/** How long an answer takes, so that load shows as memory in use. */
const HOLD_MS = 1000;

export type ScaleTest = {
  podName: string;
  /** Resolves when a request may give its memory back. */
  hold: () => Promise<void>;
};

/** The app of the autoscaling demonstration, and a reading of the bytes its requests in flight hold. */
export function createApp(ctx: ScaleTest) {
  const memory = new ArrayBuffer(0, { maxByteLength: MAX_STEPS * STEP_BYTES });
  const answered = new Map<number, number>();

  // One buffer that grows and shrinks: its freed pages leave the process at once, not at some later collection.
  const keep = (steps: 1 | -1) => {
    const before = memory.byteLength;
    memory.resize(before + steps * STEP_BYTES);
    if (steps > 0) new Uint8Array(memory, before).fill(1); // untouched pages would not count
  };

  const app = new Hono();
  // Counted by hand, since prom-client alone takes 3 MB of the 30. Scrapes are not counted: they are not load.
  app.use('/', async (c, next) => {
    await next();
    // An idle connection costs memory too, and would tie its user to this pod.
    c.header('connection', 'close');
    answered.set(c.res.status, (answered.get(c.res.status) ?? 0) + 1);
  });
  app.get('/', async (c) => {
    if (memory.byteLength === memory.maxByteLength) return c.text(`${ctx.podName}\n`);
    keep(1);
    try {
      await ctx.hold();
      return c.text(`${ctx.podName}\n`);
    } finally {
      keep(-1);
    }
  });
  app.get('/metrics', (c) => {
    const lines = ['# HELP http_requests_total Requests answered.', '# TYPE http_requests_total counter'];
    for (const [status, count] of answered)
      lines.push(`http_requests_total{method="GET",route="/",status="${status}"} ${count}`);
    return c.body(`${lines.join('\n')}\n`, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  return { app, heldBytes: () => memory.byteLength };
}

if (import.meta.main) {
  const { app } = createApp({
    podName: hostname(),
    hold: () => new Promise((resolve) => setTimeout(resolve, HOLD_MS)),
  });
  const server = serve({ fetch: app.fetch, port: 8080 });
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
}
