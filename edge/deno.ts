import { ConfigError } from '#platform/config/parse-env.ts';
import { createEdgeApp } from './app.ts';
import { parseConfig } from './config.ts';
import { consoleLog } from './console-log.ts';
import { createContext } from './create-context.ts';

declare const Deno: { env: { toObject(): Record<string, string> }; exit(code: number): never };

/** What `deno serve` tells of a connection. */
interface Connection {
  remoteAddr: { hostname: string };
}

function readConfig() {
  try {
    return parseConfig(Deno.env.toObject());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`edge: ${error.message}`);
    return Deno.exit(78);
  }
}

const config = readConfig();
const app = createEdgeApp(
  createContext({
    config,
    log: consoleLog(config),
    observe: () => undefined,
    clientAddress: (c) => (c.env as unknown as Connection).remoteAddr.hostname,
  }),
);

export default {
  fetch: (request: Request, connection: Connection): Response | Promise<Response> => app.fetch(request, connection),
};
