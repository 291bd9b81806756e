import { ConfigError } from '#platform/config/parse-env.ts';
import { openTracer } from '#platform/tracing/open-tracer.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { createEdgeApp } from './app.ts';
import { type EdgeConfig, parseConfig } from './config.ts';
import { consoleLog } from './console-log.ts';
import { createContext } from './create-context.ts';
import { notConfigured } from './not-configured.ts';

type Env = Record<string, string>;
type App = Pick<ReturnType<typeof notConfigured>, 'fetch'>;
type ExecutionContext = NonNullable<Parameters<App['fetch']>[2]>;

interface Edge {
  readonly app: App;
  readonly tracer?: Tracer | undefined;
}

/** Made by the isolate's first request, since only requests see the environment. */
let edge: Edge | undefined;

function start(env: Env): Edge {
  try {
    return startWith(parseConfig(env));
  } catch (error) {
    if (error instanceof ConfigError) return { app: notConfigured(error, env['REGION']) };
    throw error;
  }
}

function startWith(config: EdgeConfig): Edge {
  const log = consoleLog(config);
  const tracer = openTracer(config, { service: 'edge', count: () => undefined, logWarn: log.warn });
  const app = createEdgeApp(
    createContext({
      config,
      log,
      tracer,
      observe: () => undefined,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      // Cloudflare writes it over whatever the client sent.
      clientAddress: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
    }),
  );
  return { app, tracer };
}

/** A worker has no timers between requests: what a request recorded is sent behind its answer. */
async function flushBehind(tracer: Tracer, answer: Response | Promise<Response>): Promise<void> {
  await Promise.resolve(answer).catch(() => undefined);
  await tracer.flush();
}

export default {
  fetch(request: Request, env: Env, executionCtx: ExecutionContext): Response | Promise<Response> {
    edge ??= start(env);
    const { app, tracer } = edge;
    const answer = app.fetch(request, env, executionCtx);
    if (tracer) executionCtx.waitUntil(flushBehind(tracer, answer));
    return answer;
  },
};
