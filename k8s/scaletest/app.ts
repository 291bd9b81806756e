import { hostname } from 'node:os';
import { Hono } from 'hono/tiny';
import { useLeanFetch } from './lean-fetch.ts';
import { serveLean } from './serve-lean.ts';

/** What one request in flight holds: small, so that a pod nears its limit in steps and not in a jump. */
export const STEP_BYTES = 160 * 1024;
/**
 * At this requests hold no more, and are answered at once: load must not push a pod over its 30Mi. The autoscaler acts from
 * 26.4Mi; what is left between is for page tables, sockets and the requests that still come.
 */
export const MOST_BYTES = 27 * 1024 * 1024;
const MOST_STEPS = 128;
/** How long an answer takes, so that load shows as memory in use. */
const HOLD_MS = 1000;
/** V8 keeps emptied pages for requests to come, and the autoscaler would take them for load: so often they are given back. */
const COLLECT_EVERY_MS = 10_000;

export type ScaleTest = {
  podName: string;
  /** Resolves when a request may give its memory back. */
  hold: () => Promise<void>;
  /** What the process has of its own now. */
  usedBytes: () => number;
};

/** The app of the autoscaling demonstration, and a reading of the bytes its requests in flight hold. */
export function createApp(ctx: ScaleTest) {
  const memory = new ArrayBuffer(0, { maxByteLength: MOST_STEPS * STEP_BYTES });
  const answered = new Map<number, number>();

  // One buffer that grows and shrinks: its freed pages leave the process at once, not at some later collection.
  const keep = (steps: 1 | -1) => {
    const before = memory.byteLength;
    memory.resize(before + steps * STEP_BYTES);
    if (steps > 0) new Uint8Array(memory, before).fill(1); // untouched pages would not count
  };

  const isFull = () => memory.byteLength === memory.maxByteLength || ctx.usedBytes() + STEP_BYTES > MOST_BYTES;

  const app = new Hono();
  // Counted by hand, since prom-client alone takes 3 MB of the 30. Scrapes are not counted: they are not load.
  app.use('/', async (c, next) => {
    await next();
    // An idle connection costs memory too, and would tie its user to this pod.
    c.header('connection', 'close');
    answered.set(c.res.status, (answered.get(c.res.status) ?? 0) + 1);
  });
  app.get('/', async (c) => {
    if (isFull()) return c.text(`${ctx.podName}\n`);
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

/** Anonymous memory of this process in bytes, as Linux counts it. */
function readUsedBytes(): number {
  const status = process.getBuiltinModule('node:fs').readFileSync('/proc/self/status', 'latin1');
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

/** R17; where several share a machine, each is told its own. */
const PORT = 8080;

if (import.meta.main) {
  useLeanFetch();
  const { app } = createApp({
    podName: hostname(),
    hold: () => new Promise((resolve) => setTimeout(resolve, HOLD_MS)),
    usedBytes: readUsedBytes,
  });
  const collect = () => void gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' });
  setInterval(collect, COLLECT_EVERY_MS).unref();
  const server = serveLean(app.fetch, { port: Number(process.argv[2] ?? PORT) });
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
}
