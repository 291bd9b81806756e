import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** Where a server listens; `port` is the real one when 0 was asked for. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

/**
 * Serves `fetch` over HTTP/1.1. Disposing stops accepting, ends idle connections and waits for requests under way.
 * Rejects with a sentence that names the address when the port is taken.
 */
export async function serve(fetch: Fetch, options: { host: string; port: number }): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 30_000 }, getRequestListener(fetch));
  const open = trackResponses(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server, open),
  };
}

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is taken: stop what uses it or choose another`);
  return new Error(`Cannot listen on ${host}:${port}: ${error.message}`);
}

/** The responses under way. Once the server stops listening, each tells its client to use the connection no more. */
function trackResponses(server: Server): Set<ServerResponse> {
  const open = new Set<ServerResponse>();
  server.prependListener('request', (_request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (!server.listening) response.setHeader('connection', 'close');
  });
  return open;
}

function close(server: Server, open: ReadonlySet<ServerResponse>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // A client that keeps its connection busy would hold the server for ever.
    for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
  });
}
