import { connect, type Socket } from 'node:net';

/** As much of an answer as anybody looks at. */
export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** A connection that is kept open and carries one request at a time. */
export interface Connection {
  /** `done` is called once: with the answer, or without when the connection broke; then it is of no more use. */
  ask(request: string, done: (answer: Answer | undefined) => void): void;
  /** False once either side has closed it. */
  isOpen(): boolean;
  close(): void;
}

const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** Undefined while some of it is missing. */
function readAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(length)) throw new Error(`An answer without its length cannot be read: ${head}`);
  const start = headEnd + HEAD_END.length;
  if (bytes.length < start + length) return undefined;
  return { status: Number(head.slice(9, 12)), head, body: bytes.subarray(start, start + length) };
}

/** HTTP of its own, no more than is needed: who asks must cost little beside who answers. */
export function openConnection(port: number): Connection {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let bytes: Buffer = NOTHING;
  let waiting: ((answer: Answer | undefined) => void) | undefined;
  const end = (answer: Answer | undefined) => {
    const done = waiting;
    waiting = undefined;
    bytes = NOTHING;
    done?.(answer);
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const answer = readAnswer(bytes);
    if (answer) end(answer);
  });
  socket.once('error', () => socket.destroy());
  socket.once('close', () => end(undefined));
  return {
    ask(request, done) {
      if (socket.destroyed) return done(undefined);
      waiting = done;
      socket.write(request, 'utf8');
    },
    isOpen: () => socket.readyState === 'open' || socket.connecting,
    close: () => socket.destroy(),
  };
}
