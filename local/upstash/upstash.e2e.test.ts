import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { requireOrSkip } from '../require-or-skip.ts';
import type { Backend } from './backend.ts';
import { openRedisBackend, startRedisBackend } from './redis-backend.ts';
import { findRedisServer, type RedisServer, startRedisServer } from './redis-server.ts';
import { describeUpstash } from './upstash.conformance.ts';

const missing = (await findRedisServer()) ? undefined : 'there is no "redis-server" here (Debian: redis-server)';
const canRun = requireOrSkip('The Upstash stand-in on a real Redis', missing);
const PASSWORD = 'a-password-of-tests';

/** A Redis that somebody else runs, on a port of its own. */
async function startStranger(port: number): Promise<ChildProcess> {
  const flags = ['--port', `${port}`, '--bind', '127.0.0.1', '--requirepass', PASSWORD, '--save', ''];
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of child.stdout) if (/ready to accept/i.test(String(text))) break;
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe.skipIf(!canRun)('on its own redis-server', () => {
  describeUpstash('redis-server', startRedisBackend);

  describe('the server', () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedisServer();
    });
    afterAll(() => server[Symbol.asyncDispose]());

    it('lets nobody in without its password', async () => {
      const stranger = new Redis({ path: server.socket, lazyConnect: true, enableReadyCheck: false });
      await stranger.connect();
      await expect(stranger.ping()).rejects.toThrow('NOAUTH');
      stranger.disconnect();
    });

    it('listens on no port, and keeps nothing on disk', async () => {
      const owner = new Redis({ path: server.socket, password: server.password });
      const settings = await Promise.all(['port', 'save', 'appendonly'].map((name) => owner.config('GET', name)));
      owner.disconnect();
      expect(settings).toEqual([
        ['port', '0'],
        ['save', ''],
        ['appendonly', 'no'],
      ]);
    });

    it('stays below its bound of memory by losing what would have expired, never by refusing', async () => {
      const owner = new Redis({ path: server.socket, password: server.password });
      const value = 'x'.repeat(1024 * 1024);
      for (let at = 0; at < 100; at++) expect(await owner.set(`k${at}`, value, 'PX', 600_000)).toBe('OK');
      const used = Number(/used_memory:(\d+)/.exec(await owner.info('memory'))?.[1]);
      const kept = await owner.dbsize();
      owner.disconnect();
      expect(used).toBeLessThanOrEqual(64 * 1024 * 1024);
      expect(kept).toBeGreaterThan(40);
    });
  });

  describe('the backend', () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await startRedisBackend();
    });
    afterAll(() => backend[Symbol.asyncDispose]());

    it('is named by its version', () => expect(backend.name).toMatch(/^redis-server \d+\.\d+\.\d+$/));

    it('gives bytes as they are, also out of a transaction', async () => {
      const script = ['EVAL', 'return {"\\255\\0", {"\\254"}}', '0'] as const;
      const bytes = { result: [Buffer.from([255, 0]), [Buffer.from([254])]] };
      expect(await backend.pipeline([script])).toEqual([bytes]);
      expect(await backend.transaction([script])).toEqual([bytes]);
    });

    it("answers with Redis's own sentences", async () => {
      await backend.pipeline([['SET', 'a', 'x']]);
      expect(await backend.pipeline([['INCR', 'a'], ['HGET', 'a', 'f'], ['GET']])).toEqual([
        { error: 'ERR value is not an integer or out of range' },
        { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
        { error: "ERR wrong number of arguments for 'get' command" },
      ]);
    });

    it('a transaction with a command that Redis would not queue does nothing', async () => {
      await backend.pipeline([['SET', 'a', '1']]);
      expect(await backend.transaction([['INCR', 'a'], ['GET']])).toEqual({
        error: expect.stringMatching(/^EXECABORT/),
      });
      expect(await backend.pipeline([['GET', 'a']])).toEqual([{ result: Buffer.from('1') }]);
    });
  });

  it('says so when its Redis dies, and refuses what comes after', async () => {
    const server = await startRedisServer();
    process.kill(server.pid, 'SIGKILL');
    await expect(server.done).rejects.toThrow(/^redis-server ended by itself \(SIGKILL\); it last said: \S/);
    const backend = await startRedisBackend();
    const [told] = await backend.pipeline([['INFO', 'server']]);
    const { result } = told as { result: Buffer };
    process.kill(Number(/process_id:(\d+)/.exec(result.toString())?.[1]), 'SIGKILL');
    await expect(backend.done).rejects.toThrow('redis-server ended by itself (SIGKILL)');
    await expect(backend.pipeline([['PING']])).rejects.toThrow('Redis is away');
    await backend[Symbol.asyncDispose]();
  });
});

describe.skipIf(!canRun)('on a Redis that runs already', () => {
  let port: number;
  let stranger: ChildProcess;
  const urlWith = (password: string) => `redis://:${password}@127.0.0.1:${port}`;
  beforeAll(async () => {
    port = await freePort();
    stranger = await startStranger(port);
  });
  afterAll(() => end(stranger));

  describeUpstash('REDIS_URL', () => openRedisBackend(urlWith(PASSWORD)));

  it('leaves it running when it stops', async () => {
    await (await openRedisBackend(urlWith(PASSWORD)))[Symbol.asyncDispose]();
    await using again = await openRedisBackend(urlWith(PASSWORD));
    expect(await again.pipeline([['PING']])).toEqual([{ result: Buffer.from('PONG') }]);
  });

  it('does not start on one that is away or has another password, and shows none', async () => {
    const nobody = await freePort();
    await expect(openRedisBackend(`redis://:${PASSWORD}@127.0.0.1:${nobody}`)).rejects.toThrow(
      new Error(`Cannot use the Redis at 127.0.0.1:${nobody} (REDIS_URL): connect ECONNREFUSED 127.0.0.1:${nobody}`),
    );
    await expect(openRedisBackend(urlWith('guess'))).rejects.toThrow(
      /^Cannot use the Redis at 127\.0\.0\.1:\d+ \(REDIS_URL\): WRONGPASS [^:]*$/,
    );
  });

  describe('that goes away', () => {
    let backend: Backend;
    beforeEach(async () => {
      backend = await openRedisBackend(urlWith(PASSWORD));
    });

    it('refuses meanwhile, what was under way too, and goes on when it is back; a script is asked for again', async () => {
      const script = '#!lua flags=allow-key-locking\nreturn 1';
      const [loaded] = await backend.pipeline([['SCRIPT', 'LOAD', script]]);
      const { result: sha } = loaded as { result: string };
      stranger.kill('SIGSTOP');
      const underWay = expect(backend.pipeline([['INCR', 'n']])).rejects.toThrow('Redis is away');
      await end(stranger);
      await underWay;
      await expect(backend.pipeline([['PING']])).rejects.toThrow('Redis is away');
      await expect(backend.transaction([['PING']])).rejects.toThrow('Redis is away');
      stranger = await startStranger(port);
      const ask = () =>
        backend
          .pipeline([
            ['EVALSHA', sha, '0'],
            ['GET', 'n'],
          ])
          .catch(() => 'away');
      const lost = [{ error: expect.stringContaining('NOSCRIPT') }, { result: null }];
      await expect.poll(ask, { timeout: 10_000 }).toEqual(lost);
      await backend[Symbol.asyncDispose]();
    });
  });
});
