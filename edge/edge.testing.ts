import type { Tracer } from '#platform/tracing/tracer.ts';
import { createUpstashApp } from '../local/upstash/app.ts';
import { createMockBackend } from '../local/upstash/mock-backend.ts';
import { createEdgeApp } from './app.ts';
import { parseConfig } from './config.ts';
import type { Observation } from './context.ts';
import { createContext } from './create-context.ts';
import { createFakeCore, HOP_KEY } from './fake-core.testing.ts';

export const STORE_TOKEN = 'a-token-of-the-store-for-tests-only-ok';

/** A network that can be cut: `core` and `store` say what a call to each meets. */
export type Weather = 'fine' | 'dead' | 'slow';

/** What becomes of a call that does not reach core. */
export type Mishap = (init: RequestInit) => Promise<Response>;

/** A store that several edges can share. */
export function createTestStore() {
  return createUpstashApp({ backend: createMockBackend(), token: STORE_TOKEN });
}

/** An edge over a fake core, under a clock that only the test moves. A slow call meets its deadline without any time passing. */
export function createTestEdge(
  options: {
    store?: ReturnType<typeof createTestStore>;
    env?: Record<string, string>;
    startAt?: number;
    tracer?: Tracer;
  } = {},
) {
  const startAt = options.startAt ?? Date.parse('2026-11-22T10:00:00.000Z');
  let now = startAt;
  const clock = { now: () => now, advance: (ms: number) => (now += ms) };
  const core = createFakeCore(clock);
  const weather: { core: Weather; store: Weather } = { core: 'fine', store: 'fine' };
  const observed: Observation[] = [];
  const logged: { message: string; fields: object }[] = [];
  const deadlines = new WeakMap<AbortSignal, AbortController>();
  const storeCalls: string[] = [];
  const sent: string[] = [];
  const mishaps: Mishap[] = [];
  const background: Promise<unknown>[] = [];

  const config = parseConfig({
    REGION: 'msk',
    CORE_URL: 'http://core.test',
    HOP_KEY,
    ...(options.store && { UPSTASH_REDIS_REST_URL: 'http://store.test', UPSTASH_REDIS_REST_TOKEN: STORE_TOKEN }),
    ...options.env,
  });

  /** Nobody answers: the call waits until its own deadline, and everything else goes on meanwhile. */
  async function meetDeadline(signal: AbortSignal | null | undefined): Promise<never> {
    await new Promise(setImmediate);
    if (signal) deadlines.get(signal)?.abort(new DOMException('timed out', 'TimeoutError'));
    if (signal?.aborted) throw signal.reason;
    return new Promise(() => undefined);
  }

  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const isStore = url.startsWith('http://store.test');
    if (isStore) storeCalls.push(String(init.body));
    else sent.push(url);
    const mishap = isStore ? undefined : mishaps.shift();
    if (mishap) return mishap(init);
    const met = weather[isStore ? 'store' : 'core'];
    if (met === 'dead') throw new TypeError('fetch failed');
    if (met === 'slow') await meetDeadline(init.signal);
    return isStore && options.store ? options.store.request(url, init) : core.app.request(url, init);
  }

  const log = (fields: object, message: string) => void logged.push({ message, fields });
  const ctx = createContext({
    config,
    fetch,
    now: clock.now,
    deadline: () => {
      const controller = new AbortController();
      deadlines.set(controller.signal, controller);
      return controller.signal;
    },
    log: { info: log, warn: log, error: log },
    observe: (observation) => void observed.push(observation),
    tracer: options.tracer,
    clientAddress: (c) => (c.env as { address?: string }).address ?? '192.0.2.1',
  });
  const app = createEdgeApp(ctx);
  const executionCtx = {
    waitUntil: (work: Promise<unknown>) => void background.push(work),
    passThroughOnException: () => undefined,
    props: {},
  };

  return {
    core,
    clock,
    weather,
    observed,
    logged,
    storeCalls,
    /** Addresses of calls to core, also of those that did not arrive. */
    sent,
    /** What the next calls to core meet instead of it, one each. */
    mishaps,
    /** Who waits for core. */
    queue: ctx.hop.queue,
    /** One request; `key` becomes its Authorization. */
    get: (path: string, init: RequestInit & { key?: string; address?: string } = {}) => {
      const headers = new Headers(init.headers);
      if (init.key) headers.set('authorization', `Bearer ${init.key}`);
      return Promise.resolve(
        app.request(path, { ...init, headers }, { address: init.address ?? '192.0.2.1' }, executionCtx),
      );
    },
    /** Waits for what goes on after answers. */
    settle: async () => {
      while (background.length > 0) await background.shift();
    },
  };
}
export type TestEdge = ReturnType<typeof createTestEdge>;

/** The slug of a problem. */
export async function slugOf(response: Response): Promise<string | undefined> {
  const { type } = (await response.json()) as { type?: string };
  return type?.split('/').at(-1);
}

/** How many answers had each status. */
export function statuses(responses: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
