import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, openVictim, QUOTE, sendBytes, statusesIn, type Victim } from './attacker.testing.ts';

// What no client library would send, as bytes on a socket, to the edge on Node and to the services behind it.

let victim: Victim;
beforeAll(async () => {
  victim = await openVictim();
});
afterAll(() => victim[Symbol.asyncDispose]());

const EACH = ['edge', 'core', 'settlement', 'aggregator'] as const;
const lines = (...each: string[]) => `${each.join('\r\n')}\r\n\r\n`;
const LIVE = 'GET /healthz/live HTTP/1.1';
const CLOSE = 'Connection: close';
const POST = 'POST /v1/policies HTTP/1.1';

async function stillServes(service: (typeof EACH)[number]): Promise<void> {
  expect((await ask(`${victim.region[service]}/healthz/live`)).status).toBe(200);
}

/** Each must be refused at once, its connection be ended, and nothing that comes behind be taken for a request. */
const BROKEN: [string, string][] = [
  [
    'a length beside chunks (smuggling)',
    `${lines(POST, 'Host: a', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${lines(LIVE, 'Host: a')}`,
  ],
  ['two lengths', `${lines(POST, 'Host: a', 'Content-Length: 4', 'Content-Length: 5')}abcde${lines(LIVE, 'Host: a')}`],
  ['two lengths in one', `${lines(POST, 'Host: a', 'Content-Length: 4, 5')}abcde${lines(LIVE, 'Host: a')}`],
  ['a length below zero', lines(POST, 'Host: a', 'Content-Length: -1')],
  ['a length with a sign', lines(POST, 'Host: a', 'Content-Length: +4')],
  ['a length beyond numbers', lines(POST, 'Host: a', `Content-Length: ${'9'.repeat(40)}`)],
  ['chunks that are coded again', `${lines(POST, 'Host: a', 'Transfer-Encoding: chunked, identity')}0\r\n\r\n`],
  ['chunks in disguise', `${lines(POST, 'Host: a', 'Transfer-Encoding: xchunked')}0\r\n\r\n`],
  ['a space before the colon', lines(LIVE, 'Host: a', 'X-Name : x')],
  ['a header folded over lines', lines(LIVE, 'Host: a', 'X-Name: x', ' y')],
  ['a header without a colon', lines(LIVE, 'Host: a', 'XName')],
  ['a zero byte in a header', lines(LIVE, 'Host: a', 'X-Name: x\0y')],
  ['a bare line feed in a header', lines(LIVE, 'Host: a', 'X-Name: x\rY: z')],
  ['no host', lines(LIVE)],
  ['a method that is none', lines('ABSURD /healthz/live HTTP/1.1', 'Host: a')],
  ['a method in small letters', lines('get /healthz/live HTTP/1.1', 'Host: a')],
  ['a version that is none', lines('GET /healthz/live HTTP/9.9', 'Host: a')],
  ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['bytes that are nothing', '\0\0\0\0\r\n\r\n'],
  ['headers of 20 KiB', lines(LIVE, 'Host: a', `X-Padding: ${'x'.repeat(20 * 1024)}`)],
  ['an address of 20 KiB', lines(`GET /healthz/live?${'x'.repeat(20 * 1024)} HTTP/1.1`, 'Host: a')],
];

describe.each(EACH)('%s, over a socket', (service) => {
  const url = () => victim.region[service];

  it.each(BROKEN)('refuses %s, answers nothing behind it, and goes on', async (name, bytes) => {
    const text = await sendBytes(url(), { bytes: Buffer.from(bytes, 'latin1') });
    expect(statusesIn(text)).toEqual([/20 KiB/.test(name) ? 431 : 400]);
    await stillServes(service);
  });

  it('takes no chunk whose size is none, and answers nothing behind it', async () => {
    for (const size of ['x', '-1', '0x1', '1 1', 'FFFFFFFFFFFFFFFFF', '1;\x01']) {
      const bytes = `${lines(POST, 'Host: a', 'Transfer-Encoding: chunked')}${size}\r\na\r\n0\r\n\r\n${lines(LIVE, 'Host: a')}`;
      const statuses = statusesIn(await sendBytes(url(), { bytes }));
      // Who needs no body may have answered before it is broken.
      expect([size, statuses.length <= 1, statuses.every((status) => status >= 400 && status < 500)]).toEqual([
        size,
        true,
        true,
      ]);
    }
    await stillServes(service);
  });

  it('answers requests that come at once in their order, each by its own', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `pipelined-${String(at).padStart(4, '0')}`);
    const bytes = ids
      .map((id, at) => lines(LIVE, 'Host: a', `X-Request-Id: ${id}`, at === ids.length - 1 ? CLOSE : 'X: y'))
      .join('');
    const text = await sendBytes(url(), { bytes });
    expect(statusesIn(text)).toEqual(ids.map(() => 200));
    expect([...text.matchAll(/x-request-id: (\S+)/gi)].map(([, id]) => id)).toEqual(ids);
  });

  it('speaks HTTP/1.0 to who names the host, and keeps no connection that was not asked to be kept', async () => {
    const named = await sendBytes(url(), { bytes: lines('GET /healthz/live HTTP/1.0', 'Host: a') });
    const unnamed = await sendBytes(url(), { bytes: lines('GET /healthz/live HTTP/1.0') });
    expect([statusesIn(named), statusesIn(unnamed)]).toEqual([[200], [400]]);
  });

  it('tells who waits for leave to send a body to go on, and who expects anything else that it cannot', async () => {
    const begun = await sendBytes(url(), {
      bytes: lines('PUT /healthz/live HTTP/1.1', 'Host: a', 'Expect: 100-continue', 'Content-Length: 2', CLOSE),
      enough: (text) => statusesIn(text).length >= 2,
    });
    expect(statusesIn(begun)).toEqual([100, 405]);
    const other = await sendBytes(url(), { bytes: lines(LIVE, 'Host: a', 'Expect: the-impossible', CLOSE) });
    expect(statusesIn(other)).toEqual([417]);
  });

  it('lets nobody change the protocol', async () => {
    for (const upgrade of ['websocket', 'h2c', 'TLS/1.0']) {
      const text = await sendBytes(url(), {
        bytes: lines(
          LIVE,
          'Host: a',
          `Upgrade: ${upgrade}`,
          'Connection: Upgrade, close',
          'HTTP2-Settings: AAMAAABkAAQAAP__',
        ),
      });
      expect([upgrade, statusesIn(text)]).toEqual([upgrade, [200]]);
    }
    expect(
      statusesIn(await sendBytes(url(), { bytes: lines('CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: a') })).filter(
        (status) => status < 400,
      ),
    ).toEqual([]);
  });

  it('gives by HEAD, OPTIONS, TRACE and other methods no more than by GET, and no body by HEAD', async () => {
    for (const method of [
      'OPTIONS',
      'TRACE',
      'DELETE',
      'PATCH',
      'PROPFIND',
      'MKCOL',
      'PURGE',
      'QUERY',
      'SEARCH',
      'LINK',
      'M-SEARCH',
    ]) {
      const text = await sendBytes(url(), { bytes: lines(`${method} /healthz/live HTTP/1.1`, 'Host: a', CLOSE) });
      expect([method, statusesIn(text), /\r\nallow: GET, HEAD\r\n/i.test(text)]).toEqual([method, [405], true]);
    }
    const head = await sendBytes(url(), { bytes: lines('HEAD /healthz/live HTTP/1.1', 'Host: a', CLOSE) });
    expect([statusesIn(head), head.split('\r\n\r\n')[1]]).toEqual([[200], '']);
  });

  it('reads no more of a body in chunks than its 64 KiB, though its sender never ends', async () => {
    const { hostname, port } = new URL(url());
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    let [text, sent, ended] = ['', 0, false];
    socket.on('data', (data) => (text += data));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    void closed.then(() => (ended = true));
    const operator = `Authorization: Bearer ${service === 'edge' ? victim.keys.site : victim.keys.operator}`;
    const path = {
      edge: '/v1/policies',
      core: '/v1/outbox/replay',
      settlement: '/v1/dead-letters/1/dismiss',
      aggregator: '/v1/insurers/volga/quarantine/release',
    }[service];
    socket.write(
      lines(
        `POST ${path} HTTP/1.1`,
        'Host: a',
        operator,
        'Content-Type: application/json',
        'Idempotency-Key: never-ending',
        'Transfer-Encoding: chunked',
      ),
    );
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    // As fast as it takes them, until it hangs up, or has taken what it must not.
    while (!ended && sent < 64 * 1024 * 1024) {
      sent += chunk.length;
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
    }
    socket.destroy();
    await closed;
    expect([statusesIn(text), sent < 64 * 1024 * 1024]).toEqual([[413], true]);
    await stillServes(service);
  });
});

it('many connections that send a byte and no more keep nobody from being served', async () => {
  const { hostname, port } = new URL(victim.region.edge);
  const sockets = await Promise.all(
    Array.from({ length: 400 }, async (_, at) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(
        at % 2
          ? 'G'
          : lines(
              POST,
              'Host: a',
              `Authorization: Bearer ${victim.keys.site}`,
              'Content-Length: 60000',
              `Idempotency-Key: slow-body-${at}`,
            ).concat('{'),
      );
      return socket;
    }),
  );
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => ask(victim.region.edge + QUOTE, { key: victim.keys.site })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  for (const socket of sockets) socket.destroy();
});
