import type { Hono } from 'hono';
import { ConfigError } from '#platform/config/parse-env.ts';
import { createEdgeApp } from './app.ts';
import { type EdgeConfig, parseConfig } from './config.ts';
import { consoleLog } from './console-log.ts';
import type { EdgeEnv } from './context.ts';
import { createContext } from './create-context.ts';
import { notConfigured } from './not-configured.ts';

type Env = Record<string, string>;
type ExecutionContext = Parameters<Hono<EdgeEnv>['fetch']>[2];

/** Made by the isolate's first request, since only requests see the environment. */
let app: Hono<EdgeEnv> | undefined;

function start(env: Env): Hono<EdgeEnv> {
  try {
    return startWith(parseConfig(env));
  } catch (error) {
    if (error instanceof ConfigError) return notConfigured(error, env['REGION']);
    throw error;
  }
}

function startWith(config: EdgeConfig): Hono<EdgeEnv> {
  return createEdgeApp(
    createContext({
      config,
      log: consoleLog(config),
      observe: () => undefined,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      // Cloudflare writes it over whatever the client sent.
      clientAddress: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
    }),
  );
}

export default {
  fetch(request: Request, env: Env, executionCtx: ExecutionContext): Response | Promise<Response> {
    app ??= start(env);
    return app.fetch(request, env, executionCtx);
  },
};
