import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';

const PATIENCE = { requestTimeoutMs: 300, checkMs: 50 };
const BODY = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n';

/** A client that writes a byte whenever the one before has gone, every so many ms; what it was told until it was hung up on. */
async function trickle(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let told = '';
  socket.on('data', (data) => {
    told += data;
  });
  let at = 0;
  const next = () => at < text.length && socket.write(text.slice(at, ++at));
  next();
  const timer = setInterval(next, 20);
  await closed;
  clearInterval(timer);
  return told.split('\r\n')[0] ?? '';
}

test('who sends a byte now and then is told 408 and hung up on, however many they are, and others are served meanwhile', async () => {
  await using server = await serve(async (request) => new Response(await request.text()), {
    host: '127.0.0.1',
    port: 0,
    quietMs: 0,
    ...PATIENCE,
  });
  const slow = `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(200)}`;
  const headers = Array.from({ length: 100 }, () => trickle(server.port, slow));
  const bodies = Array.from({ length: 100 }, () => trickle(server.port, `${BODY}123`));
  const honest = await Promise.all(
    Array.from({ length: 50 }, () => fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', body: 'whole' })),
  );
  expect(await Promise.all(honest.map((answer) => answer.text()))).toEqual(honest.map(() => 'whole'));
  const told = new Set(await Promise.all([...headers, ...bodies]));
  expect([...told]).toEqual(['HTTP/1.1 408 Request Timeout']);
});
