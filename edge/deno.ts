import { ConfigError } from '#platform/config/parse-env.ts';
import { openTracer } from '#platform/tracing/open-tracer.ts';
import { createEdgeApp } from './app.ts';
import { callerAddress } from './callers/caller-address.ts';
import { parseDenoConfig } from './config.ts';
import { consoleLog } from './console-log.ts';
import { createContext } from './create-context.ts';

declare const Deno: { env: { toObject(): Record<string, string> }; exit(code: number): never };

/** What `deno serve` tells of a connection. */
interface Connection {
  remoteAddr: { hostname: string };
}

function readConfig() {
  try {
    return parseDenoConfig(Deno.env.toObject());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`edge: ${error.message}`);
    return Deno.exit(78);
  }
}

/** Spans wait for so long, ms, to be sent together. */
const FLUSH_EVERY_MS = 1_000;

const config = readConfig();
const log = consoleLog(config);
const tracer = openTracer(config, { service: 'edge', count: () => undefined, logWarn: log.warn });
if (tracer) setInterval(() => void tracer.flush(), FLUSH_EVERY_MS);
const app = createEdgeApp(
  createContext({
    config,
    log,
    tracer,
    observe: () => undefined,
    clientAddress: (c) =>
      callerAddress(config.TRUSTED_PROXIES, {
        connection: (c.env as unknown as Connection).remoteAddr.hostname,
        forwardedFor: c.req.header('x-forwarded-for'),
      }),
  }),
);

/** Deno leaves the dots of a path as they came. The other runtimes resolve them before any route is looked for. */
function resolved(request: Request): Request {
  const { href } = new URL(request.url);
  return href === request.url ? request : new Request(href, request);
}

export default {
  fetch: (request: Request, connection: Connection): Response | Promise<Response> =>
    app.fetch(resolved(request), connection),
};
