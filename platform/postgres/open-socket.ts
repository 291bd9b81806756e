import { Socket } from 'node:net';
import { watchSilence } from './watch-silence.ts';

/** The parts of postgres.js' options that say where the server is. */
interface Server {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

/**
 * The socket of a connection for postgres.js, which tells the end of a connection once it was made by `close` alone. By
 * `error` and then `close`, as sockets do, postgres 3.4.9 rejects the queries under way at `error` and forgets those
 * sent between the two: they wait for ever, and the slot of the pool hands the next connection's answers to them. A server
 * that is asked and falls silent is taken for lost, too: postgres.js itself waits for ever.
 */
export function openSocket({ host: [host = 'localhost'], port: [port = 5432], path }: Server): Socket {
  const socket = new EndToldOnce();
  return path ? socket.connect(path) : socket.connect(port, host);
}

class EndToldOnce extends Socket {
  #made = false;
  readonly #silence = watchSilence(() => this.destroy());

  override _write(bytes: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ask(bytes);
    super._write(bytes, encoding, done);
  }

  override _writev(asked: { chunk: unknown; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    for (const { chunk } of asked) this.#ask(chunk);
    super._writev?.(asked, done);
  }

  #ask(bytes: unknown): void {
    if (bytes instanceof Uint8Array) this.#silence.asked(bytes);
  }

  override emit(event: string | symbol, ...details: unknown[]): boolean {
    if (event === 'connect') this.#made = true;
    if (event === 'data') this.#silence.heard(details[0] as Uint8Array);
    if (event === 'close') this.#silence.end();
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
