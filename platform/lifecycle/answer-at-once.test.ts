import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAtOnce } from './answer-at-once.ts';
import { type Listening, serve } from './serve.ts';

const STATUS = 503;
const SHARED = { 'content-type': 'application/json', etag: '"one"', vary: 'Authorization' };
const BODY = new TextEncoder().encode('{"subject":"Москва"}');

describe('answerAtOnce', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await serve(() => new Response('the router'), {
      host: '127.0.0.1',
      port: 0,
      quietMs: 0,
      answerFirst(incoming, response) {
        const own = { 'x-request-id': incoming.url ?? '' };
        if (incoming.url === '/written')
          response.writeHead(STATUS, { ...SHARED, ...own, 'content-length': BODY.byteLength }).end(BODY);
        else answerAtOnce(incoming, response, { status: STATUS, shared: SHARED, own, body: BODY });
        return true;
      },
    });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** All that comes back for these bytes, until the server ends the connection. */
  const exchange = async (sent: string) => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(sent);
    return (await text(socket)).replaceAll(/Date: [^\r]*/g, 'Date: now');
  };
  const last = 'GET /last HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

  it('says byte for byte what writeHead would, also of requests that came at once', async () => {
    const written = await exchange(get('/written') + get('/written') + last);
    const atOnce = await exchange(get('/at-once') + get('/at-once') + last);
    expect(atOnce.replaceAll('/at-once', '/written')).toBe(written);
    expect(atOnce.match(/"one"/g)).toHaveLength(3);
    expect(atOnce).toContain('Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n{"subject"');
  });

  it.each([
    ['who wants to leave', 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ['of HTTP/1.0', 'GET / HTTP/1.0\r\nhost: x\r\n\r\n'],
  ])('tells a client %s that the connection ends', async (_who, sent) => {
    const answer = await exchange(sent);
    expect(answer).toContain('Connection: close\r\n');
    expect(answer).toContain('content-length: 26\r\n');
  });

  it('a value that would end its line is refused, and nothing is sent', () => {
    let ended = false;
    const end = () => {
      ended = true;
    };
    const response = { hasHeader: () => false, shouldKeepAlive: true, end };
    const whole = { status: STATUS, shared: { ...SHARED, etag: '"one"\r\nset-cookie: a=b' }, own: {}, body: BODY };
    expect(() => answerAtOnce({ httpVersion: '1.1' } as never, response as never, whole)).toThrow(
      'Invalid character in header content ["etag"]',
    );
    expect(ended).toBe(false);
  });
});
