import type { EdgeConfig } from './config.ts';
import type { EdgeContext } from './context.ts';
import { callCore } from './forward/call-core.ts';
import { failOpen } from './store/fail-open.ts';
import { openUpstash } from './store/upstash.ts';

type FromEntry = Pick<EdgeContext, 'log' | 'observe' | 'clientAddress'> & Partial<EdgeContext> & { config: EdgeConfig };

/** The context of a real edge: what an entry gives, and the runtime's own clock, timers and network for the rest. */
export function createContext(entry: FromEntry): EdgeContext {
  const ctx = {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    now: () => Date.now(),
    deadline: (ms: number) => AbortSignal.timeout(ms),
    ...entry,
  };
  const store = entry.store ?? failOpen(ctx, openUpstash(ctx));
  const withStore = { ...ctx, store };
  const health = { ready: true, checks: { core: () => askCoreHealth(withStore) } };
  return { ...withStore, health: entry.health ?? health };
}

/** Rejects unless core can commit a policy now. */
async function askCoreHealth(ctx: Parameters<typeof callCore>[0]): Promise<void> {
  const { status } = await callCore(ctx, { method: 'GET', target: '/healthz/gslb', timeoutMs: 1_000 });
  if (status !== 200) throw new Error(`Core answers ${status}`);
}
