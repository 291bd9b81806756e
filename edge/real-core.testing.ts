import type { TestCore } from '../core/core.testing.ts';
import { createEdgeApp } from './app.ts';
import { parseConfig } from './config.ts';
import { createContext } from './create-context.ts';

/** An edge before a real core, both in this process and under core's clock. */
export function openEdgeBefore(core: TestCore) {
  const logged: { message: string; fields: Record<string, unknown> }[] = [];
  const calls: { method: string; target: string }[] = [];
  const log = (fields: object, message: string) => void logged.push({ message, fields: { ...fields } });
  const ctx = createContext({
    config: parseConfig({
      REGION: core.config.REGION,
      CORE_URL: 'http://core.test',
      HOP_KEY: Buffer.from(core.config.HOP_KEY).toString('base64url'),
      ANONYMOUS_LIMIT_PER_SECOND: '100000',
    }),
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url);
      calls.push({ method: init.method ?? 'GET', target: pathname + search });
      return core.app.request(url, init);
    },
    now: () => core.clock.at.getTime(),
    deadline: () => new AbortController().signal,
    log: { info: log, warn: log, error: log },
    observe: () => undefined,
    clientAddress: () => '192.0.2.1',
  });
  const app = createEdgeApp(ctx);
  return {
    logged,
    /** What reached core. */
    calls,
    request: async (path: string, init: RequestInit = {}) => app.request(path, init),
  };
}
export type EdgeBeforeCore = ReturnType<typeof openEdgeBefore>;
