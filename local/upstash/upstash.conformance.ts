import { createHash } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, serve } from '#platform/lifecycle/serve.ts';
import { createUpstashApp } from './app.ts';
import type { Backend, Command } from './backend.ts';

const TOKEN = 'a-token-of-the-stand-in-for-tests-only';
/** As @upstash/ratelimit begins its scripts. */
const LOCKING = '#!lua flags=allow-key-locking\n';
/** Its turn comes once in 364 days. */
const WINDOW = '52 w';
const WINDOW_MS = 364 * 86_400_000;

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

/** The law of every backend, held by Upstash's own clients over HTTP. `open` gives a Redis that nobody else uses. */
export function describeUpstash(name: string, open: () => Promise<Backend>): void {
  let backend: Backend;
  let listening: Listening;
  let url: string;
  beforeAll(async () => {
    backend = await open();
    const app = createUpstashApp({ backend, token: TOKEN });
    listening = await serve((request) => app.fetch(request), { host: '127.0.0.1', port: 0, quietMs: 0 });
    url = `http://127.0.0.1:${listening.port}`;
  });
  afterAll(async () => {
    await listening[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });
  beforeEach(() => send('/pipeline', [['FLUSHALL'], ['SCRIPT', 'FLUSH']]));

  const client = (responseEncoding: 'base64' | false = 'base64') =>
    new Redis({ url, token: TOKEN, responseEncoding, retry: false, enableTelemetry: false });

  async function send(path: string, body: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }
  const result = async (...command: unknown[]) => (await send('/', command)).body.result;

  describe.each([
    ['base64', 'base64' as const],
    ['plain', false as const],
  ])(`${name}: @upstash/redis, %s answers`, (_name, encoding) => {
    let redis: Redis;
    beforeEach(() => {
      redis = client(encoding);
    });

    it('keeps values with their time to live, Cyrillic and all', async () => {
      expect(await redis.set('a', { city: 'Владивосток' }, { px: 5_000 })).toBe('OK');
      expect(await redis.get('a')).toEqual({ city: 'Владивосток' });
      expect(await redis.pttl('a')).toBeGreaterThan(0);
      expect(await redis.pttl('a')).toBeLessThanOrEqual(5_000);
      expect([await redis.get('absent'), await redis.pttl('absent')]).toEqual([null, -2]);
    });

    it('honours NX, XX and EX in small letters, as the client writes them', async () => {
      expect(await redis.set('a', 'none yet', { xx: true })).toBeNull();
      await redis.set('a', 'nx');
      expect(await redis.set('a', 'second', { nx: true, ex: 9 })).toBeNull();
      expect([await redis.get('a'), await redis.ttl('a')]).toEqual(['nx', -1]);
      expect(await redis.set('a', 'third', { xx: true, ex: 9 })).toBe('OK');
      expect(await redis.ttl('a')).toBeGreaterThan(0);
    });

    it('answers hashes as Redis does, so that the client makes objects of them', async () => {
      expect(await redis.hset('h', { one: '1', two: 'zwei', OK: 'OK' })).toBe(3);
      expect(await redis.hgetall('h')).toEqual({ one: 1, two: 'zwei', OK: 'OK' });
      expect(await redis.hmget('h', 'two', 'absent')).toEqual({ two: 'zwei', absent: null });
      expect([await redis.hincrby('h', 'one', 4), await redis.hget('h', 'one')]).toEqual([5, 5]);
      expect([await redis.hgetall('absent'), await redis.hlen('h')]).toEqual([null, 3]);
    });

    it('orders sorted sets, by rank and by score', async () => {
      const members = [3, 1, 2].map((score) => ({ score, member: `m${score}` }));
      expect(await redis.zadd('z', { nx: true }, members[0] as (typeof members)[0], ...members.slice(1))).toBe(3);
      expect(await redis.zrange('z', 0, -1, { withScores: true })).toEqual(['m1', 1, 'm2', 2, 'm3', 3]);
      expect(await redis.zrange('z', 2, '+inf', { byScore: true, offset: 0, count: 1 })).toEqual(['m2']);
      expect([await redis.zscore('z', 'm2'), await redis.zscore('z', 'none')]).toEqual([2, null]);
    });

    it('walks all keys with SCAN, and keeps lists and sets', async () => {
      await redis.mset(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`match:${at}`, at])));
      await Promise.all([redis.rpush('list', 'a', 'b'), redis.sadd('set', 'x', 'y')]);
      const found = new Set<string>();
      let cursor = '0';
      do {
        const [next, keys] = await redis.scan(cursor, { match: 'match:*', count: 7 });
        for (const key of keys) found.add(key);
        cursor = next;
      } while (cursor !== '0');
      expect(found.size).toBe(30);
      expect([await redis.lrange('list', 0, -1), (await redis.smembers('set')).sort()]).toEqual([
        ['a', 'b'],
        ['x', 'y'],
      ]);
    });

    it('counts in a pipeline, in a transaction, and in commands that the client sends together by itself', async () => {
      expect(await redis.pipeline().incrby('n', 3).expire('n', 5).get('none').exec()).toEqual([3, 1, null]);
      expect(await redis.multi().incrby('n', 4).hset('h', { a: 'b' }).hgetall('h').exec()).toEqual([7, 1, { a: 'b' }]);
      const together = await Promise.all(Array.from({ length: 20 }, () => redis.incr('n')));
      expect(together).toEqual(Array.from({ length: 20 }, (_, at) => 8 + at));
    });

    it('runs scripts: nil, whole numbers, lists in lists, keys and arguments', async () => {
      const script = `redis.call("SET", KEYS[1], ARGV[1]) return {1, false, {"a", {2.9, ARGV[2]}}, redis.call("GET", KEYS[1])}`;
      expect(await redis.eval(script, ['k'], ['Ω', 'OK'])).toEqual([1, null, ['a', [2, 'OK']], 'Ω']);
      await redis.hset('h', { x: '1' });
      expect(await redis.eval('return redis.call("HGETALL", KEYS[1])', ['h'], [])).toEqual(['x', 1]);
      expect(await redis.eval('return redis.call("HMGET", KEYS[1], "x", "none")', ['h'], [])).toEqual([1, null]);
      expect(await redis.eval('return redis.call("GET", "none")', [], [])).toBeNull();
    });

    it.each([
      ['a plain script', ''],
      ["a script with Upstash's own flag", LOCKING],
    ])('knows %s by the SHA-1 of the text that the client has', async (_name, shebang) => {
      const script = `${shebang}return {KEYS[1], ARGV[1]}`;
      await expect(redis.evalsha(sha1(script), ['k'], ['v'])).rejects.toThrow('NOSCRIPT');
      expect(await redis.eval(script, ['k'], ['v'])).toEqual(['k', 'v']);
      expect(await redis.evalsha(sha1(script), ['k'], ['v'])).toEqual(['k', 'v']);
      await redis.scriptFlush();
      expect(await redis.scriptExists(sha1(script))).toEqual([0]);
      await expect(redis.evalsha(sha1(script), ['k'], ['v'])).rejects.toThrow('NOSCRIPT');
      expect(await redis.scriptLoad(script)).toBe(sha1(script));
      expect(await redis.scriptExists(sha1(script), 'f'.repeat(40))).toEqual([1, 0]);
      expect(await redis.evalsha(sha1(script), ['k'], ['v'])).toEqual(['k', 'v']);
    });

    it('lets the client load a script by itself when it is not known yet', async () => {
      const script = redis.createScript<number>(`${LOCKING}return redis.call("INCRBY", KEYS[1], ARGV[1])`);
      expect([await script.exec(['n'], ['2']), await script.exec(['n'], ['3'])]).toEqual([2, 5]);
    });
  });

  const limiters = {
    fixedWindow: Ratelimit.fixedWindow(10, WINDOW),
    slidingWindow: Ratelimit.slidingWindow(10, WINDOW),
    tokenBucket: Ratelimit.tokenBucket(10, WINDOW, 10),
    cachedFixedWindow: Ratelimit.cachedFixedWindow(10, WINDOW),
  };
  const names = Object.keys(limiters) as (keyof typeof limiters)[];

  describe(`${name}: @upstash/ratelimit`, () => {
    /** Another isolate each time: with a client and a memory of its own. */
    const isolate = (limiter: keyof typeof limiters) =>
      new Ratelimit({
        redis: client(),
        limiter: limiters[limiter],
        prefix: limiter,
        ephemeralCache: limiter === 'cachedFixedWindow' ? new Map() : false,
      });
    const admitted = (answers: readonly { success: boolean }[]) => answers.filter(({ success }) => success).length;

    it.each(names)('%s admits exactly the limit, one after the other, and says what is left', async (limiter) => {
      const limit = isolate(limiter);
      for (let used = 1; used <= 10; used++) {
        expect(await limit.limit('alfa')).toMatchObject({ success: true, limit: 10, remaining: 10 - used });
      }
      expect((await limit.limit('alfa')).success).toBe(false);
      expect(await limit.limit('beta')).toMatchObject({ success: true, remaining: 9 });
    });

    it.each(names.filter((limiter) => limiter !== 'cachedFixedWindow'))(
      '%s admits exactly the limit of 100 requests at once, and as a sum of two isolates',
      async (limiter) => {
        const [one, two] = [isolate(limiter), isolate(limiter)];
        const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => (at % 2 ? one : two).limit('alfa')));
        expect(admitted(answers)).toBe(10);
        expect(admitted(await Promise.all([one.limit('alfa'), two.limit('alfa')]))).toBe(0);
      },
    );

    it('cachedFixedWindow admits exactly the limit of 100 requests at once in one isolate', async () => {
      const limit = isolate('cachedFixedWindow');
      expect(admitted(await Promise.all(Array.from({ length: 100 }, () => limit.limit('alfa'))))).toBe(10);
    });

    it.each(names)('%s gives used tokens back when they are reset', async (limiter) => {
      const limit = isolate(limiter);
      await limit.limit('alfa', { rate: 4 });
      expect((await limit.getRemaining('alfa')).remaining).toBe(6);
      await limit.resetUsedTokens('alfa');
      expect((await limit.getRemaining('alfa')).remaining).toBe(10);
      expect(await client().keys(`${limiter}*`)).toEqual([]);
    });

    it.each([
      ['fixedWindow', WINDOW_MS],
      ['slidingWindow', 2 * WINDOW_MS + 1_000],
      ['tokenBucket', WINDOW_MS],
    ] as const)('%s leaves nothing for ever', async (limiter, mostMs) => {
      await isolate(limiter).limit('alfa');
      const [key = ''] = await client().keys(`${limiter}*`);
      expect(await client().pttl(key)).toBeGreaterThan(0);
      expect(await client().pttl(key)).toBeLessThanOrEqual(mostMs);
    });
  });

  describe(`${name}: the wire`, () => {
    it('refuses a wrong token and none', async () => {
      const refused = { status: 401, body: { error: 'Unauthorized' } };
      expect(await send('/', ['PING'], { authorization: 'Bearer guess' })).toEqual(refused);
      expect(await send('/pipeline', [['PING']], { authorization: '' })).toEqual(refused);
    });

    it('takes commands, options, numbers and objects as they come, and answers with strings, integers, null and lists', async () => {
      expect(await result('set', 'n', 41, 'Px', 60_000)).toBe('OK');
      expect([await result('InCr', 'n'), await result('GET', 'n'), await result('GET', 'none')]).toEqual([
        42,
        '42',
        null,
      ]);
      expect(await result('SET', 'o', { a: [1] })).toBe('OK');
      expect(await result('MGET', 'o', 'none', 'n')).toEqual(['{"a":[1]}', null, '42']);
      await result('HSET', 'h', 'f', 'v');
      expect([await result('HGETALL', 'h'), await result('hgetall', 'none')]).toEqual([['f', 'v'], []]);
      expect(await result('EVAL', 'redis.call("SET", "n", 5) return redis.call("GET", "n")', 0)).toBe('5');
    });

    it('writes strings in base64 when asked, however deep, but errors and an answer that is just OK', async () => {
      const base64 = { 'upstash-encoding': 'base64' };
      expect((await send('/', ['SET', 'a', 'Ж'], base64)).body).toEqual({ result: 'OK' });
      const script = ['EVAL', 'return {1, false, {"a", {"OK"}}}', 0];
      const { body } = await send('/pipeline', [['GET', 'a'], script, ['EVALSHA', 'x', 0]], base64);
      expect(body).toEqual([
        { result: '0JY=' },
        { result: [1, null, ['YQ==', ['T0s=']]] },
        { error: expect.stringContaining('NOSCRIPT') },
      ]);
    });

    it('answers an unknown and a blocked command with an error, and goes on with the rest of a pipeline', async () => {
      const { status, body } = await send('/pipeline', [
        ['SET', 'p', 'x'],
        ['NONSENSE'],
        ['config', 'GET', '*'],
        ['GET', 'p'],
      ]);
      expect(status).toBe(200);
      expect(body).toEqual([
        { result: 'OK' },
        { error: expect.stringContaining("ERR unknown command 'NONSENSE'") },
        { error: "ERR Command is not available: 'config'" },
        { result: 'x' },
      ]);
      expect((await send('/', ['NONSENSE'])).status).toBe(400);
    });

    it('a failing command of a transaction fails alone; an unknown or blocked one discards all', async () => {
      const failing = ['EVAL', 'return redis.error_reply("MY fault")', 0];
      const { body } = await send('/multi-exec', [['INCR', 't'], failing, ['INCR', 't']]);
      expect(body).toEqual([{ result: 1 }, { error: 'MY fault' }, { result: 2 }]);
      for (const wrong of ['NONSENSE', 'SUBSCRIBE', 'EXEC']) {
        const discarded = await send('/multi-exec', [['INCR', 't'], [wrong], ['INCR', 't']]);
        expect(discarded).toEqual({ status: 400, body: { error: expect.stringMatching(/^EXECABORT/) } });
      }
      expect(await result('GET', 't')).toBe('2');
    });

    it('a transaction is one: nothing of a hundred others comes between', async () => {
      const transaction: Command[] = [['INCR', 'a'], ['PING'], ['INCR', 'a']];
      const answers = await Promise.all(Array.from({ length: 100 }, () => backend.transaction(transaction)));
      for (const outcomes of answers) {
        const [before, , after] = outcomes as { result: number }[];
        expect(after?.result).toBe(Number(before?.result) + 1);
      }
      expect(await result('GET', 'a')).toBe('200');
    });

    it('names the line of a script that fails, counted as its author does', async () => {
      for (const shebang of [LOCKING, '\n']) {
        const { status, body } = await send('/', ['EVAL', `${shebang}\nreturn nil + 1`, 0]);
        expect([status, body.error]).toEqual([400, expect.stringMatching(/^ERR .*user_script:3: attempt to perform/)]);
      }
      const { body } = await send('/', ['EVAL', 'return redis.call("NONSENSE")', 0]);
      expect(body.error).toMatch(/^ERR Unknown Redis command called from script/);
      expect(await result('EVAL', 'return redis.pcall("NONSENSE").err ~= nil', 0)).toBe(1);
    });

    it.each([
      ['/', { not: 'a command' }],
      ['/', []],
      ['/', 'no JSON'],
      ['/pipeline', [[]]],
      ['/pipeline', []],
      ['/multi-exec', ['PING']],
    ])('answers what is no command at all with an error that shows one: %s %j', async (path, body) => {
      const answer = await send(path, body);
      expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining('must be JSON such as [') } });
    });

    it('is ready without a token', async () => {
      for (const path of ['/healthz/live', '/healthz/ready']) expect((await fetch(url + path)).status).toBe(200);
    });
  });
}
