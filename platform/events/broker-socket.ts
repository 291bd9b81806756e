import { Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';
import { gatherAnswers } from './gather-answers.ts';

const KEEP_ALIVE_MS = 60_000;

/**
 * The sockets of kafkajs, by which it bears two faults of the way to a broker that 2.2.4 does not. Cut in the midst of an
 * answer it keeps the half and takes what the next connection says for the rest of it, for ever: so it is given whole
 * answers alone. And a connection that has fallen silent it asks again and again: one that is asked and says nothing for
 * `silentMs` is ended with an error.
 */
export const brokerSockets =
  (silentMs: number): ISocketFactory =>
  ({ host, port, onConnect }) =>
    new BrokerSocket(silentMs).setKeepAlive(true, KEEP_ALIVE_MS).connect(port, host, onConnect);

class BrokerSocket extends Socket {
  readonly #gather = gatherAnswers();
  readonly #silentMs: number;
  /** Questions without an answer so far: kafkajs writes each at once and whole, and has an answer to each. */
  #open = 0;
  #silence: NodeJS.Timeout | undefined;

  constructor(silentMs: number) {
    super();
    this.#silentMs = silentMs;
  }

  override _write(bytes: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ask(1);
    super._write(bytes, encoding, done);
  }

  override _writev(asked: { chunk: unknown; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#ask(asked.length);
    super._writev?.(asked, done);
  }

  override emit(event: string | symbol, ...details: unknown[]): boolean {
    if (event === 'close') clearTimeout(this.#silence);
    if (event !== 'data') return super.emit(event, ...details);
    const answers = this.#gather(details[0] as Buffer);
    this.#open -= answers?.count ?? 0;
    this.#listen();
    return answers ? super.emit('data', answers.bytes) : true;
  }

  #ask(questions: number): void {
    this.#open += questions;
    // What is asked behind a question that waits does not make the wait longer.
    if (this.#open === questions) this.#listen();
  }

  /** From now on, anew. */
  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#open <= 0) return;
    const end = () => this.destroy(new Error(`The broker said nothing for ${this.#silentMs / 1_000} s`));
    this.#silence = setTimeout(end, this.#silentMs).unref();
  }
}
