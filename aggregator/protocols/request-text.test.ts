import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { requestText } from './request-text.ts';
import { testContext } from './test-context.ts';

/** These faults belong to the connection, so they are held against the real fetch and a real socket. */
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const ask = (url: string, changes = {}) =>
  requestText(testContext(fetch, { fetch, ...changes }), {
    url,
    method: 'GET',
    headers: {},
    mediaTypes: ['application/json'],
  });

describe('requestText over a real connection', () => {
  test('never follows a redirect', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(ask(url)).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('redirect'),
    });
    expect(asked).toEqual(['/']);
  });

  test('bounds a body after decompression: a small reply that unpacks into 200 MB is refused', async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.on('data', (packed: Buffer) => {
        sent += packed.byteLength;
      });
      gzip.pipe(response);
      const block = Buffer.alloc(1_048_576, 0x20);
      for (let i = 0; i < 200; i += 1) gzip.write(block);
      gzip.end();
    });
    const before = process.memoryUsage().arrayBuffers;
    await expect(ask(url)).rejects.toMatchObject({ reason: 'too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1_048_576);
    expect(sent).toBeLessThan(1_048_576);
  });

  test('throws the reason of the signal when the insurer accepts and stays silent', async () => {
    const asked = Promise.withResolvers<void>();
    const url = await serve(() => asked.resolve());
    const abort = new AbortController();
    const answer = ask(url, { signal: abort.signal });
    await asked.promise;
    abort.abort(new Error('slot is over'));
    await expect(answer).rejects.toThrow('slot is over');
  });

  test('throws the reason of the signal when the body stops half-way', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"half":');
    });
    const abort = new AbortController();
    const headed = Promise.withResolvers<void>();
    const answer = ask(url, {
      signal: abort.signal,
      fetch: async (...call: Parameters<typeof fetch>) => {
        const response = await fetch(...call);
        headed.resolve();
        return response;
      },
    });
    await headed.promise;
    abort.abort(new Error('slot is over'));
    await expect(answer).rejects.toThrow('slot is over');
  });

  test('tells a connection that is reset, and one that is refused', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(ask(url)).rejects.toMatchObject({ reason: 'unreachable' });
    servers.pop()?.close();
    await expect(ask(url)).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test.each([
    ['7', 7_000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 09:59:59 GMT', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['0', undefined],
  ])('tells how long an insurer asks to be left alone: Retry-After %s', async (header, retryAfterMs) => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': header }).end());
    await expect(ask(url)).rejects.toMatchObject({ reason: 'status', status: 429, retryAfterMs });
  });

  test('tells a body shorter than its announced length', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"half":', () => request.socket.destroy());
    });
    await expect(ask(url)).rejects.toMatchObject({ name: 'InsurerReplyError' });
  });
});
