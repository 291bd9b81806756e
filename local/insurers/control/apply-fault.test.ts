import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { stand, vostok } from './stand.testing.ts';

const GET = 'GET /vostok/tariffs HTTP/1.1\r\nhost: insurers.test\r\n\r\n';
const RIGHT = { data: { sold: vostok.book() } };

/** Opens a connection, asks, and answers with what the connection then told, in its order. */
async function ask(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(GET);
  return socket;
}

describe('what a caller sees of an insurer that is', () => {
  test('slow: the right answer, after the delay, while others are answered', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'slow', delayMs: 120_000 });
    let answered = false;
    const answer = fetch(`${insurers.base}/vostok/tariffs`).then((response) => {
      answered = true;
      return response.json();
    });
    await insurers.reached();
    const other = await fetch(`${insurers.base}/zapad/ws`, { method: 'POST', body: '<a/>' });
    expect((await other.text()).length).toBeGreaterThan(0);
    expect(insurers.waits.map(({ ms }) => ms)).toEqual([120_000]);
    expect(answered).toBe(false);
    insurers.waits[0]?.end();
    expect(await answer).toEqual(RIGHT);
    await insurers.connections[0]?.over;
    expect(insurers.held.size).toBe(0);
  });

  test('slow: waits no longer than its caller', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'slow' });
    const leaving = new AbortController();
    const answer = fetch(`${insurers.base}/vostok/tariffs`, { signal: leaving.signal });
    await insurers.reached();
    expect(insurers.waits.map(({ ms }) => ms)).toEqual([3_000]);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await insurers.answers[0];
    await insurers.connections[0]?.over;
    expect(insurers.held.size).toBe(0);
  });

  test.each([
    ['GET', '/vostok/tariffs', undefined],
    ['POST', '/zapad/ws', '<a/>'],
  ])('hanging at a %s: no answer, and it lets go when its caller does', async (method, path, body) => {
    await using insurers = await stand();
    await insurers.fault(path.split('/')[1] ?? '', { fault: 'hang' });
    const leaving = new AbortController();
    const answer = fetch(insurers.base + path, { method, signal: leaving.signal, ...(body && { body }) });
    await insurers.reached();
    expect((await fetch(`${insurers.base}/healthz/live`)).status).toBe(200);
    expect(insurers.held.size).toBe(1);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await insurers.answers[0];
    await insurers.connections[0]?.over;
    expect(insurers.held.size).toBe(0);
  });

  test('hanging, slow or endless does not keep the process from stopping', async () => {
    const insurers = await stand();
    await insurers.fault('vostok', { fault: 'hang', times: 1 });
    const hanging = fetch(`${insurers.base}/vostok/tariffs`);
    await insurers.reached();
    await insurers.fault('vostok', { fault: 'slow', times: 1 });
    const slow = fetch(`${insurers.base}/vostok/tariffs`);
    await insurers.reached();
    await insurers.fault('vostok', { fault: 'huge', times: 1 });
    const endless = await fetch(`${insurers.base}/vostok/tariffs`);
    expect(insurers.held.size).toBe(3);
    const outcomes = Promise.allSettled([hanging, slow, endless.text()]);
    const stopped = insurers[Symbol.asyncDispose]();
    for (const socket of insurers.held) socket.destroy();
    await stopped;
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(insurers.held.size).toBe(0);
  });

  test.each([
    [{ fault: '500' }, 500, null],
    [{ fault: '429' }, 429, '5'],
    [{ fault: '429', retryAfterSeconds: 90 }, 429, '90'],
    [{ fault: 'wrong-content-type' }, 200, null],
  ])('under %j: a page of HTML with status %i, Retry-After %s', async (fault, status, retryAfter) => {
    await using insurers = await stand();
    await insurers.fault('vostok', fault);
    const response = await fetch(`${insurers.base}/vostok/tariffs`);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toMatch(/^<html>[\s\S]+<\/html>\s+$/);
  });

  test('resetting: ECONNRESET before a single byte', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'reset' });
    const socket = await ask(insurers.port);
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    const [error] = await once(socket, 'error', { signal: closed(socket) });
    expect([error.code, bytes]).toEqual(['ECONNRESET', 0]);
    await insurers.answers[0];
    await insurers.connections[0]?.over;
    expect(insurers.held.size).toBe(0);
  });

  test('truncating: the whole length is announced, the half is sent, and the connection ends', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'truncated' });
    const [response] = await once(request(`${insurers.base}/vostok/tariffs`).end(), 'response');
    const whole = Buffer.byteLength(JSON.stringify(RIGHT));
    expect([response.statusCode, response.headers['content-length']]).toEqual([200, String(whole)]);
    expect(response.headers['content-type']).toBe('application/json');
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const [error] = await once(response, 'error');
    expect(error.code).toBe('ECONNRESET');
    expect(text).toBe(JSON.stringify(RIGHT).slice(0, Math.ceil(whole / 2)));
    await insurers.connections[0]?.over;
    expect(insurers.held.size).toBe(0);
  });

  test('huge: 100 MB of one well-formed document that announces no length', { timeout: 60_000 }, async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'huge' });
    const [response] = await once(request(`${insurers.base}/vostok/tariffs`).end(), 'response');
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.headers['content-length']).toBeUndefined();
    let bytes = 0;
    let begins = '';
    let ends = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes === 0) begins = chunk.toString('utf8', 0, 9);
      bytes += chunk.byteLength;
      ends = chunk.toString('utf8', chunk.byteLength - 1);
    }
    expect(bytes).toBeGreaterThan(100_000_000);
    expect([begins, ends]).toEqual(['[{"data":', ']']);
  });

  test('huge: sends no more than its caller takes, and stops when that leaves', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'huge' });
    const socket = await ask(insurers.port);
    await once(socket, 'data');
    socket.pause();
    const [server] = insurers.connections;
    socket.destroy();
    await server?.over;
    expect(server?.socket.bytesWritten).toBeLessThan(50_000_000);
    expect(insurers.held.size).toBe(0);
  });

  test('of another schema: well-formed, of the right type, every field renamed', async () => {
    await using insurers = await stand();
    await insurers.fault('vostok', { fault: 'wrong-schema' });
    await insurers.fault('zapad', { fault: 'wrong-schema' });
    const json = await fetch(`${insurers.base}/vostok/tariffs`);
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.json()).toMatchObject({ data: { soldV2: { osagoV2: { commissionRateBpsV2: 750 } } } });
    const soap = await fetch(`${insurers.base}/zapad/ws`, { method: 'POST' });
    expect(soap.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    const text = await soap.text();
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).toContain(
      '<s:Body><z:RatesV2 xmlns:z="urn:zapad"><z:RateV2 class="2.2">524300</z:RateV2></z:RatesV2>',
    );
  });

  test('absurd in its prices: a hundred times as high in the reply, as they were in the book', async () => {
    await using insurers = await stand();
    await insurers.fault('zapad', { fault: 'absurd-price' });
    const absurd = await fetch(`${insurers.base}/zapad/ws`, { method: 'POST' });
    expect(await absurd.text()).toContain('>52430000<');
    const control = await (await fetch(`${insurers.base}/control`)).json();
    expect(control.items[1].osago.rates[0].baseRateMinor).toBe(524_300);
  });
});

/** Aborts what waits for something else than the end of a connection, once it has ended. */
function closed(socket: ReturnType<typeof connect>): AbortSignal {
  const over = new AbortController();
  socket.once('close', () => setImmediate(() => over.abort()));
  return over.signal;
}
