import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from './connection.ts';
import { createPool } from './pool.ts';

const REQUEST = 'GET / HTTP/1.1\r\nhost: edge\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** A server that answers whatever comes, and whose open connections are at hand. */
async function startServer() {
  const open = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    open.add(socket);
    socket.on('data', () => socket.write(ANSWER));
    socket.once('close', () => open.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    open,
    accepted: () => accepted,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const sendAll = (pool: ReturnType<typeof createPool>, count: number) =>
  Promise.all(Array.from({ length: count }, () => new Promise<Answer | undefined>((done) => pool.send(REQUEST, done))));
const statuses = (answers: readonly (Answer | undefined)[]) => answers.map((answer) => answer?.status);

afterEach(() => {
  vi.useRealTimers();
});

describe('a pool of connections', () => {
  it('uses those it has again', async () => {
    await using server = await startServer();
    const pool = createPool(server.port);
    expect(statuses(await sendAll(pool, 3))).toEqual([200, 200, 200]);
    expect(statuses(await sendAll(pool, 3))).toEqual([200, 200, 200]);
    expect(server.accepted()).toBe(3);
  });

  it('asks on none that the server has closed meanwhile', async () => {
    await using server = await startServer();
    const pool = createPool(server.port);
    await sendAll(pool, 3);
    const closed = [...server.open].map((socket) => once(socket, 'close'));
    for (const socket of server.open) socket.end();
    await Promise.all(closed);
    expect(statuses(await sendAll(pool, 3))).toEqual([200, 200, 200]);
    expect(server.accepted()).toBe(6);
  });

  it('asks on none that the server may be about to close, because nobody has used it for long', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await using server = await startServer();
    const pool = createPool(server.port);
    await sendAll(pool, 2);
    vi.advanceTimersByTime(29_000);
    await sendAll(pool, 1);
    vi.advanceTimersByTime(2_000);
    expect(statuses(await sendAll(pool, 2))).toEqual([200, 200]);
    expect(server.accepted()).toBe(3);
  });
});
