import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { ReadableStream as WebStream } from 'node:stream/web';
import { afterEach, expect, test } from 'vitest';
import { LISTENERS } from './listen.ts';
import { serve } from './serve.ts';

const ANY = { host: '127.0.0.1', port: 0, quietMs: 20 };
const sockets: Socket[] = [];
const agents: Agent[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const agent of agents.splice(0)) agent.destroy();
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** GET over a connection that is kept for the next one. */
function keepAlive(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return async (path = '/') => {
    const [response] = await once(request({ agent, port, host: '127.0.0.1', path }).end(), 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    return { body, connection: response.headers.connection as string };
  };
}

test('a request under way is finished after dispose began, and tells its client to leave the connection', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const server = await serve(async () => {
    begun.resolve();
    await gate.promise;
    return new Response('whole');
  }, ANY);
  const answer = keepAlive(server.port)();
  await begun.promise;
  let stopped = false;
  const stop = server[Symbol.asyncDispose]().then(() => {
    stopped = true;
  });
  await expect(open(server.port)).rejects.toThrow('ECONNREFUSED');
  expect(stopped).toBe(false);
  gate.resolve();
  expect(await answer).toEqual({ body: 'whole', connection: 'close' });
  await stop;
});

test('an answer that was being sent when dispose began is sent whole, and then its connection ends', async () => {
  const gate = Promise.withResolvers<void>();
  const pieces = async function* () {
    yield new TextEncoder().encode('first ');
    await gate.promise;
    yield new TextEncoder().encode('second');
  };
  const stream = () => new Response(WebStream.from(pieces()) as unknown as ReadableStream);
  const server = await serve(stream, { ...ANY, quietMs: 60_000 });
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const [response] = await once(request({ agent, port: server.port, host: '127.0.0.1' }).end(), 'response');
  let body = '';
  response.on('data', (chunk: Buffer) => {
    body += chunk;
  });
  const whole = once(response, 'end');
  await once(response, 'data');
  const stop = server[Symbol.asyncDispose]();
  gate.resolve();
  await Promise.all([whole, stop]);
  expect(body).toBe('first second');
});

test.each([
  ['has answered and is kept open', async (port: number) => void (await keepAlive(port)())],
  ['was opened and never used', async (port: number) => void (await open(port))],
  [
    'stopped in the middle of a head',
    async (port: number) => {
      const socket = await open(port);
      await new Promise<void>((resolve) => socket.write('GET / HTTP/1.1\r\nhost:', () => resolve()));
      await keepAlive(port)();
    },
  ],
])('dispose does not wait for a connection that %s', async (_what, connectTo) => {
  const server = await serve(() => new Response('ok'), ANY);
  await connectTo(server.port);
  await server[Symbol.asyncDispose]();
});

test('a request that reaches an accepted connection after dispose began is answered still', async () => {
  const server = await serve(() => new Response('late'), { ...ANY, quietMs: 60_000 });
  const socket = await open(server.port);
  await keepAlive(server.port)();
  const stop = server[Symbol.asyncDispose]();
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n/is);
  for (const agent of agents.splice(0)) agent.destroy();
  await stop;
});

test('a connection that was kept open is answered once more after dispose began, told to leave, and not reset', async () => {
  const server = await serve(() => new Response('more'), { ...ANY, quietMs: 60_000 });
  const get = keepAlive(server.port);
  expect((await get()).connection).toBe('keep-alive');
  const stop = server[Symbol.asyncDispose]();
  expect(await get()).toEqual({ body: 'more', connection: 'close' });
  await stop;
});

test('a port that is taken is told in one sentence', async () => {
  await using first = await serve(() => new Response(), ANY);
  await expect(serve(() => new Response(), { ...ANY, port: first.port })).rejects.toThrow(
    new Error(`Port ${first.port} on 127.0.0.1 is taken: stop what uses it or choose another`),
  );
});

test('an address that cannot be listened on is told with its reason', async () => {
  await expect(serve(() => new Response(), { host: '192.0.2.1', port: 1 })).rejects.toThrow(
    /^Cannot listen on 192\.0\.2\.1:1: .*EADDRNOTAVAIL/,
  );
});

test.runIf(LISTENERS > 1)(
  'R7 connections that come at once are accepted in a few turns of the event loop, and not one in each',
  async () => {
    const [came, all] = [40, Promise.withResolvers<void>()];
    let [turns, asked] = [0, 0];
    const server = await serve(() => {
      asked += 1;
      if (asked === came) all.resolve();
      return new Response('ok');
    }, ANY);
    const clients = Array.from({ length: came }, () => connect(server.port, '127.0.0.1'));
    sockets.push(...clients);
    for (const client of clients) client.write('GET / HTTP/1.1\r\nhost: any\r\n\r\n');
    const turn = () => {
      turns += 1;
      if (asked < came) setImmediate(turn);
    };
    turn();
    await all.promise;
    await server[Symbol.asyncDispose]();
    expect(turns).toBeLessThan(came / 2);
  },
);

test('two services do not share an address: the second is told that it is taken', async () => {
  await using first = await serve(() => new Response('first'), ANY);
  await expect(serve(() => new Response('second'), { ...ANY, port: first.port })).rejects.toThrow(
    `Port ${first.port} on 127.0.0.1 is taken`,
  );
});
