import { Socket } from 'node:net';

/** The parts of postgres.js' options that say where the server is. */
interface Server {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

/**
 * The socket of a connection for postgres.js, which tells the end of a connection once it was made by `close` alone. By
 * `error` and then `close`, as sockets do, postgres 3.4.9 rejects the queries under way at `error` and forgets those
 * sent between the two: they wait for ever, and the slot of the pool hands the next connection's answers to them.
 */
export function openSocket({ host: [host = 'localhost'], port: [port = 5432], path }: Server): Socket {
  const socket = new EndToldOnce();
  return path ? socket.connect(path) : socket.connect(port, host);
}

class EndToldOnce extends Socket {
  #made = false;

  override emit(event: string | symbol, ...details: unknown[]): boolean {
    if (event === 'connect') this.#made = true;
    if (!this.#made) return super.emit(event, ...details);
    if (event === 'error') return true;
    // Without the flag that an error came before, which has been told to nobody.
    return event === 'close' ? super.emit('close', false) : super.emit(event, ...details);
  }
}

/** A socket that is refused, as by a server that is away: postgres.js tells all who wait for it. */
export function refusedSocket(reason: Error): Socket {
  const socket = new Socket();
  setImmediate(() => socket.destroy(reason));
  return socket;
}
