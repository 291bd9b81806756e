import { Redis } from '@upstash/redis';
import RedisMock from 'ioredis-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { createUpstashApp } from './app.ts';

const TOKEN = 'a-token-of-the-stand-in-for-tests-only';
let listening: Listening;
let url: string;

beforeAll(async () => {
  const app = createUpstashApp({ redis: new RedisMock({ keyPrefix: 'test:' }), token: TOKEN });
  listening = await serve((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${listening.port}`;
});
afterAll(() => listening[Symbol.asyncDispose]());

const send = (path: string, { body, headers = {} }: { body: unknown; headers?: Record<string, string> }) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    body: JSON.stringify(body),
  });

describe.each([
  ['base64', 'base64' as const],
  ['plain', false as const],
])('the real client, %s replies', (_name, encoding) => {
  let redis: Redis;
  beforeEach(async () => {
    redis = new Redis({ url, token: TOKEN, responseEncoding: encoding, retry: false, enableTelemetry: false });
    await redis.flushdb();
  });

  it('keeps values with their time to live, Cyrillic and all', async () => {
    expect(await redis.set('a', { city: 'Владивосток' }, { px: 5_000 })).toBe('OK');
    expect(await redis.get('a')).toEqual({ city: 'Владивосток' });
    expect(await redis.pttl('a')).toBeGreaterThan(4_000);
    expect(await redis.get('absent')).toBeNull();
  });

  it('honours NX in lower case, as the client writes it', async () => {
    await redis.set('a', 'first');
    expect(await redis.set('a', 'second', { nx: true })).toBeNull();
    expect(await redis.get('a')).toBe('first');
  });

  it('answers HGETALL as Redis does, so that the client makes an object of it', async () => {
    await redis.hset('h', { one: '1', two: 'zwei' });
    expect(await redis.hgetall('h')).toEqual({ one: 1, two: 'zwei' });
  });

  it('counts in a pipeline and in a transaction', async () => {
    expect(await redis.pipeline().incrby('n', 3).expire('n', 5).exec()).toEqual([3, 1]);
    expect(await redis.multi().incrby('n', 4).hset('h', { a: 'b' }).hgetall('h').exec()).toEqual([7, 1, { a: 'b' }]);
  });
});

describe('the wire', () => {
  it('refuses a wrong token', async () => {
    const response = await send('/', { body: ['PING'], headers: { authorization: 'Bearer guess' } });
    expect([response.status, await response.json()]).toEqual([401, { error: 'Unauthorized' }]);
  });

  it('answers an unknown command with an error and goes on with the rest of a pipeline', async () => {
    expect((await send('/', { body: ['QUIT'] })).status).toBe(400);
    const response = await send('/pipeline', { body: [['SET', 'p', 'x'], ['DISCONNECT'], ['GET', 'p']] });
    expect(await response.json()).toEqual([
      { result: 'OK' },
      { error: "ERR unknown command 'DISCONNECT'" },
      { result: 'x' },
    ]);
  });

  it('discards a whole transaction with an unknown command in it', async () => {
    await send('/', { body: ['DEL', 't'] });
    expect((await send('/multi-exec', { body: [['INCR', 't'], ['NONSENSE']] })).status).toBe(400);
    expect(await (await send('/', { body: ['GET', 't'] })).json()).toEqual({ result: null });
  });

  it('answers what is no command at all with an error', async () => {
    expect((await send('/', { body: { not: 'a command' } })).status).toBe(400);
    expect((await send('/pipeline', { body: [[]] })).status).toBe(400);
  });
});
