import type { Server } from 'node:http';
import { LeanHeaders, type LeanResponse } from './lean-fetch.ts';

type Fetch = (request: Request) => Response | Promise<Response>;

/** Serves GET requests over HTTP on a port. Closing the server lets what is under way be answered. */
export function serveLean(fetch: Fetch, { port }: { port: number }): Server {
  // Not an import: a module's namespace reads every export of node:http, and one of them loads undici.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer(async (incoming, outgoing) => {
    incoming.resume();
    const headers = new LeanHeaders(incoming.headers as Record<string, string>);
    const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url}`;
    const answer = await fetch({ method: incoming.method, url, headers } as unknown as Request);
    const { status, headers: fields, body } = answer as unknown as LeanResponse;
    outgoing.statusCode = status;
    for (const [name, value] of fields) outgoing.setHeader(name, value);
    outgoing.end(body);
  });
  return server.listen(port);
}
