import { connect, type Socket } from 'node:net';

/** What came of a run, counted by the client. */
export interface Bought {
  /** Answers with 201. */
  readonly issued: number;
  /** Kopecks of all their premiums. */
  readonly premiumMinor: number;
  readonly seconds: number;
  /** The first answer that was not a 201, if any. */
  readonly refusal?: string;
}

/** Where an answer ends: after its head and as many bytes as that says. Undefined while some of it is missing. */
function readAnswer(bytes: Buffer): { status: string; body: string; rest: Buffer } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`An answer without its length cannot be read: ${head}`);
  const end = headEnd + 4 + length;
  if (bytes.length < end) return undefined;
  return { status: head.slice(9, 12), body: bytes.toString('utf8', headEnd + 4, end), rest: bytes.subarray(end) };
}

const NOTHING = Buffer.alloc(0);

/** One connection: sends a request, waits for its answer, sends the next. Rejects when it is cut. */
function keepBuying(socket: Socket, next: () => Buffer | undefined, take: (status: string, body: string) => void) {
  return new Promise<void>((resolve, reject) => {
    let bytes: Buffer = NOTHING;
    const send = () => {
      const request = next();
      if (request) socket.write(request);
      else socket.end(resolve);
    };
    socket.on('data', (chunk: Buffer) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const answer = readAnswer(bytes);
      if (!answer) return;
      bytes = answer.rest;
      take(answer.status, answer.body);
      send();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('A connection was closed before its answer came')));
    socket.once('connect', send);
  });
}

/**
 * Sends all requests over so many connections that are kept open, one at a time on each. Its own HTTP, no more than is
 * needed: a client that costs half a core would be half of what is measured.
 */
export async function buy(port: number, requests: readonly Buffer[], connections: number): Promise<Bought> {
  let sent = 0;
  let issued = 0;
  let premiumMinor = 0;
  let refusal: string | undefined;
  const take = (status: string, body: string) => {
    if (status !== '201') refusal ??= `${status}: ${body}`;
    else {
      issued += 1;
      premiumMinor += Number(/"premium":\{"amountMinor":(\d+)/.exec(body)?.[1]);
    }
  };
  const next = () => requests[sent++];
  const startedAt = performance.now();
  const sockets = Array.from({ length: connections }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => keepBuying(socket, next, take)));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { issued, premiumMinor, seconds, ...(refusal !== undefined && { refusal }) };
}
