import { once } from 'node:events';
import { type AddressInfo, createServer, type ListenOptions, Server } from 'node:net';

interface Where {
  readonly host: string;
  readonly port: number;
}

/** `close` stops the listening, and calls `done` when no connection is left. */
export interface Listeners {
  close(done: () => void): void;
}

/** As `node:http` opens its own. */
const LIKE_HTTP = { allowHalfOpen: true, noDelay: true };

/**
 * Sockets that listen at one address. A turn of the event loop accepts one connection of each: libuv takes no more since 1.45.
 * With one socket, a flood of new connections waited for seconds to be accepted, while turns were long, and who bought stood
 * in the same line. Only Linux deals connections out among sockets evenly (socket(7), SO_REUSEPORT).
 */
export const LISTENERS: number = process.platform === 'linux' ? 32 : 1;

/**
 * Has a server listen at an address, by several sockets where the system can. Rejects as `listen` does, also when another
 * process of ours listens there.
 */
export async function listen(server: Server, { host, port }: Where): Promise<Listeners> {
  if (LISTENERS === 1) {
    await opened(server, { host, port });
    return { close: (done) => closeAll([server], done) };
  }
  // Who shares an address would not be told that it is taken.
  if (port !== 0) await requireFree({ host, port });
  await opened(server, { host, port, reusePort: true });
  const shared = { host, port: (server.address() as AddressInfo).port, reusePort: true };
  const others = Array.from({ length: LISTENERS - 1 }, () =>
    createServer(LIKE_HTTP, (socket) => server.emit('connection', socket)),
  );
  for (const other of others) await opened(other, shared);
  return { close: (done) => closeAll([server, ...others], done) };
}

async function opened(server: Server, options: ListenOptions): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(options);
  await listening;
}

async function requireFree(where: Where): Promise<void> {
  const probe = createServer();
  await opened(probe, where);
  await new Promise((resolve) => probe.close(resolve));
}

/** Stops listening only: a server of node:http would end connections too. */
function closeAll(servers: readonly Server[], done: () => void): void {
  let left = servers.length;
  for (const server of servers)
    Server.prototype.close.call(server, () => {
      left -= 1;
      if (left === 0) done();
    });
}
