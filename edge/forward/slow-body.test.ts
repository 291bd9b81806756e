import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { onError } from '#platform/problem/handlers.ts';
import { type TraceVariables, trace } from '#platform/telemetry/trace.ts';
import { readBody } from './read-body.ts';

/** What a server of Node's says over a real connection to bodies that come by pieces, under a clock that the test runs out. */
let listening: Listening;
let clock: AbortController;
let read: (number | string)[];
let failures: unknown[];
let reading: PromiseWithResolvers<void>;
beforeEach(async () => {
  [clock, read, failures, reading] = [new AbortController(), [], [], Promise.withResolvers()];
  const app = new Hono<{ Variables: TraceVariables }>().use(trace());
  app.onError((error, c) => {
    read.push(error.message);
    return onError((fields) => failures.push(fields))(error, c);
  });
  app.post('/', async (c) => {
    const deadline = () => {
      reading.resolve();
      return clock.signal;
    };
    read.push((await readBody({ deadline }, c.req.raw)).byteLength);
    return c.text('whole');
  });
  listening = await serve(app.fetch, { host: '127.0.0.1', port: 0, quietMs: 0 });
});
afterEach(() => listening[Symbol.asyncDispose]());

/** Begins a request, and collects what comes back until the connection ends. */
async function begin(headers: string, body: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(listening.port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const answer = once(socket, 'close').then(() => text);
  socket.write(`POST / HTTP/1.1\r\nhost: edge\r\n${headers}\r\n\r\n${body}`);
  await reading.promise;
  return { socket, answer };
}

describe('over a real connection, a body', () => {
  it.each([
    ['with a length that it does not reach', 'content-length: 100', 'half'],
    ['in chunks without an end', 'transfer-encoding: chunked', '4\r\nhalf\r\n'],
  ])('%s is told 408 once its time is over, and its connection is ended', async (_what, headers, body) => {
    const { answer } = await begin(headers, body);
    clock.abort();
    expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*problems\/request-timeout"/);
    expect(failures).toEqual([]);
  });

  it('in chunks is told 413 as soon as it is too large, though more was to come', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const { answer } = await begin('transfer-encoding: chunked', chunk.repeat(5));
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*problems\/payload-too-large"/);
  });

  it('that its client breaks off ends the reading at once, and is no failure of ours', async () => {
    const { socket } = await begin('content-length: 100', 'half');
    socket.destroy();
    await expect.poll(() => read).toEqual(['The request is not valid: body: must come whole: it was broken off']);
    expect(failures).toEqual([]);
  });

  it('longer than its length is cut there: the rest is no part of it, and no request either', async () => {
    const { answer } = await begin('content-length: 4', 'half and half');
    expect(await answer).toMatch(/HTTP\/1\.1 400 [\s\S]*$/);
    expect(read.filter((seen) => seen !== 4)).toEqual([]);
  });
});
