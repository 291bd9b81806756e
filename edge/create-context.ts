import type { Context } from 'hono';
import { countedAs } from './callers/counted-as.ts';
import type { EdgeConfig } from './config.ts';
import type { EdgeContext } from './context.ts';
import { createHop } from './forward/hop.ts';
import { probeCore } from './forward/probe-core.ts';
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
    clientAddress: (c: Context) => countedAs(entry.clientAddress(c)),
  };
  const store = entry.store ?? failOpen(ctx, openUpstash(ctx));
  const withHop = { ...ctx, store, hop: entry.hop ?? createHop(ctx) };
  const health = { ready: true, checks: { core: () => probeCore(withHop) } };
  return { ...withHop, health: entry.health ?? health };
}
