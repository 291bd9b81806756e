import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { type Listeners, listen } from './listen.ts';

/** Where a server listens; `port` is the real one when 0 was asked for. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>;

/** A connection without a request is kept for so long. */
export const KEEP_ALIVE_MS = 65_000;
/**
 * A field that comes twice is joined, as Headers does it: Node would take the first of some. A request without a body has its
 * stream ended from the start, which spares an eighth of a short answer.
 */
const SETTINGS = { keepAliveTimeout: KEEP_ALIVE_MS, joinDuplicateHeaders: true, optimizeEmptyRequests: true };
/** A request is to come whole within this, headers and body, or is told 408 and hung up on. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often that is looked at: Node itself looks every 30 s, so that a slow client would have twice its time. */
const CHECK_MS = 2_000;

/**
 * A connection without a request gets this long, once stopping, for one that may be on its way: whoever keeps it open sends the
 * next one there, and a reset is a failed request. In use, it is told to leave by its next answer.
 */
const QUIET_MS = 2_000;

/** Answers a request of node:http, or says that it did nothing with it. */
export type AnswerFirst = (incoming: IncomingMessage, response: ServerResponse) => boolean;

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly quietMs?: number;
  readonly requestTimeoutMs?: number;
  readonly checkMs?: number;
  /** Asked before a Request is made, which takes longer than some answers do. */
  readonly answerFirst?: AnswerFirst;
}

/**
 * Serves `fetch` over HTTP/1.1. Disposing stops accepting, finishes the requests under way and ends the connections
 * that carry none. Rejects with a sentence that names the address when the port is taken.
 */
export async function serve(fetch: Fetch, options: ServeOptions): Promise<Listening> {
  const { answerFirst = () => false } = options;
  const listener = getRequestListener(fetch);
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const patience = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: options.checkMs ?? CHECK_MS,
  };
  const server = createServer({ ...SETTINGS, ...patience }, (incoming, response) => {
    if (!answerFirst(incoming, response)) void listener(incoming, response);
  });
  const open = track(server);
  const listeners = await listen(server, options).catch((error: NodeJS.ErrnoException) => {
    throw explain(error, options);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(listeners, open, options.quietMs ?? QUIET_MS),
  };
}

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} on ${host} is taken: stop what uses it or choose another`);
  return new Error(`Cannot listen on ${host}:${port}: ${error.message}`);
}

/** The connections there are, and the last response of each, which may be under way. */
type Connections = Map<Socket, ServerResponse | undefined>;

/** Keeps the connections. What is asked once the server stops listening ends its connection. */
function track(server: Server): Connections {
  const open: Connections = new Map();
  server.on('connection', (socket) => {
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    open.set(socket, response);
    if (!server.listening) endWith(socket, response);
  });
  return open;
}

/** The response ends its connection, and tells its client so while it can. */
function endWith(socket: Socket, response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
  response.once('close', () => socket.destroySoon());
}

/**
 * Node's own close ends at once what carries no request, and leaves open what never sent a whole one, and what had begun its
 * answer: for ever, or 65 s. So only the listening is stopped, as of any server, and the connections are ended here.
 */
function close(listeners: Listeners, open: Connections, quietMs: number): Promise<void> {
  return new Promise((resolve) => {
    const quiet = setTimeout(() => {
      for (const [socket, response] of open) if (!response || response.closed) socket.destroy();
    }, quietMs);
    listeners.close(() => {
      clearTimeout(quiet);
      resolve();
    });
    for (const [socket, response] of open) if (response && !response.closed) endWith(socket, response);
  });
}
