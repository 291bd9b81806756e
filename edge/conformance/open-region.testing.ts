import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { createTestStore, STORE_TOKEN } from '../edge.testing.ts';
import { createFakeCore, type FakeCore, HOP_KEY } from '../fake-core.testing.ts';
import { REVOKED } from './callers.testing.ts';
import type { Happening } from './exchange.testing.ts';
import { PAGE } from './pages.testing.ts';

/** Core and a store on real ports, for one edge. */
export interface Region extends AsyncDisposable {
  readonly core: FakeCore;
  /** What an edge of this region is started with. */
  readonly env: Record<string, string>;
  happen(happening: Happening): Promise<void>;
}

/** `offersEndAt`, ms since 1970, is in the answers: regions that are compared have one. */
export async function openRegion(offersEndAt: number): Promise<Region> {
  const core = createFakeCore({ now: Date.now });
  core.offersEndAt = offersEndAt;
  core.partners.set('revoked', { ...REVOKED.partner, keyDigests: [] });
  const store = createTestStore();
  const listen = (fetch: (request: Request) => Response | Promise<Response>): Promise<Listening> =>
    serve(fetch, { host: '127.0.0.1', port: 0, quietMs: 0 });
  const stack = new AsyncDisposableStack();
  const coreServer = stack.use(await listen((request) => core.app.fetch(request)));
  const storeServer = stack.use(await listen((request) => store.fetch(request)));
  const servers = { 'core goes away': coreServer, 'the store goes away': storeServer };
  return {
    core,
    env: {
      REGION: 'msk',
      LOG_LEVEL: 'error',
      CORE_URL: `http://127.0.0.1:${coreServer.port}`,
      HOP_KEY,
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${storeServer.port}`,
      UPSTASH_REDIS_REST_TOKEN: STORE_TOKEN,
      ANONYMOUS_LIMIT_PER_SECOND: '1000',
      LIMIT_SHARE_PERCENT: '100',
      CORS_ORIGINS: PAGE,
    },
    happen: async (happening) => servers[happening][Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
