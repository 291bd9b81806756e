import { connect, type Socket } from 'node:net';

/** Requests that arrive at an even pace, whether the ones before are answered or not. */
export interface Order {
  readonly port: number;
  readonly target: string;
  readonly key: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** What came of them. */
export interface Arrived {
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of each 200, in the order in which they were due: from then until its last byte, us. */
  readonly waitedUs: readonly number[];
}

/** Connections that are open before the first request is due; more are opened when all are taken. */
const CONNECTIONS = 32;
const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** The status of a whole answer; undefined while some of it is missing. */
function statusOf(bytes: Buffer): string | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(length)) throw new Error(`An answer without its length cannot be read: ${head}`);
  return bytes.length < headEnd + HEAD_END.length + length ? undefined : head.slice(9, 12);
}

/** A connection that carries one request at a time. */
function openCaller(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let bytes: Buffer = NOTHING;
  let answered: ((status: string) => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const status = statusOf(bytes);
    if (status === undefined) return;
    bytes = NOTHING;
    answered?.(status);
  });
  const broken = (error?: Error) => {
    throw new Error('A connection was closed', { cause: error });
  };
  socket.once('error', broken).once('end', broken);
  return {
    ready: new Promise((resolve) => socket.once('connect', resolve)),
    ask(request: Buffer, done: (status: string) => void) {
      answered = done;
      socket.write(request);
    },
  };
}

async function arrive({ port, target, key, perSecond, seconds }: Order): Promise<Arrived> {
  const request = Buffer.from(`GET ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}${HEAD_END}`);
  const idle = Array.from({ length: CONNECTIONS }, () => openCaller(port));
  await Promise.all(idle.map(({ ready }) => ready));
  const count = Math.round(perSecond * seconds);
  const statuses: Record<string, number> = {};
  const waitedUs = new Array<number>(count);
  const startedAt = performance.now();
  let [sent, answered] = [0, 0];
  return new Promise((resolve) => {
    const send = (dueAt: number, at: number) => {
      // The one that is idle longest: workerd closes those that have had nothing for 5 s.
      const caller = idle.shift() ?? openCaller(port);
      caller.ask(request, (status) => {
        idle.push(caller);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === '200') waitedUs[at] = (performance.now() - dueAt) * 1_000;
        answered += 1;
        if (answered === count) resolve({ statuses, waitedUs: waitedUs.filter((each) => each !== undefined) });
      });
    };
    // A timer is a millisecond late, and that would be most of what is measured: this process has a processor to spin on.
    const spin = () => {
      for (;;) {
        const dueAt = startedAt + (sent * 1_000) / perSecond;
        if (sent === count || dueAt > performance.now()) break;
        send(dueAt, sent);
        sent += 1;
      }
      if (sent < count || answered < count) setImmediate(spin);
    };
    spin();
  });
}

process.stdout.write(JSON.stringify(await arrive(JSON.parse(process.argv[2] ?? '') as Order)), () => process.exit(0));
