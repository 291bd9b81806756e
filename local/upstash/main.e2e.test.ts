import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { requireOrSkip } from '../require-or-skip.ts';
import { isAlive } from '../start.testing.ts';
import { findRedisServer } from './redis-server.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const TOKEN = 'a-token-of-the-stand-in-for-tests-only';
const missing = (await findRedisServer()) ? undefined : 'there is no "redis-server" here (Debian: redis-server)';
const canRun = requireOrSkip("The Upstash stand-in's process on a real Redis", missing);

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'insuretech-upstash-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { PATH: process.env['PATH'], TMPDIR: folder, PORT: '0', UPSTASH_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  const ready = once(child.stdout, 'data').then(([text]) => {
    const [, on, url] = /^upstash: ready on (.*), UPSTASH_REDIS_REST_URL=(\S+)\n$/.exec(String(text)) ?? [];
    return { on, url };
  });
  const send = async (...command: string[]) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`${(await ready).url}/`, { method: 'POST', headers, body: JSON.stringify(command) });
    return (await answer.json()) as { result: string };
  };
  return { child, ended, ready, send };
}

/** The process that the stand-in keeps its data in. */
async function redisOf({ send }: ReturnType<typeof start>): Promise<number> {
  return Number(/process_id:(\d+)/.exec((await send('INFO', 'server')).result)?.[1]);
}

describe.skipIf(!canRun)('node local/upstash/main.ts on redis-server', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with code 0 on %s, its Redis with it, and leaves nothing',
    async (signal) => {
      const running = start();
      expect((await running.ready).on).toMatch(/^redis-server \d/);
      const redis = await redisOf(running);
      running.child.kill(signal);
      expect(await running.ended).toEqual({ code: 0, errors: '' });
      expect([await isAlive(redis), await readdir(folder)]).toEqual([false, []]);
    },
  );

  it('killed by -9 it takes its Redis along, a busy one too, and leaves nothing', async () => {
    const running = start();
    const redis = await redisOf(running);
    const busy = running.send('EVAL', 'while true do end', '0').catch(() => 'cut off');
    await expect
      .poll(() => running.send('PING'), { timeout: 15_000 })
      .toMatchObject({ error: expect.stringMatching(/BUSY|away/) });
    running.child.kill('SIGKILL');
    expect(await busy).not.toHaveProperty('result');
    await expect.poll(() => isAlive(redis), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => readdir(folder), { timeout: 10_000 }).toEqual([]);
  });

  it('ends with code 1 and a sentence when its Redis dies, for a supervisor to start both again', async () => {
    const running = start();
    process.kill(await redisOf(running), 'SIGKILL');
    const { code, errors } = await running.ended;
    expect(errors).toMatch(/^upstash: redis-server ended by itself \(SIGKILL\); it last said: .*\n$/);
    expect([code, await readdir(folder)]).toEqual([1, []]);
  });
});

describe('node local/upstash/main.ts', () => {
  it('imitates Redis where there is none on the PATH, and says so', async () => {
    const { ready, send } = start({ PATH: folder });
    expect((await ready).on).toBe('ioredis-mock');
    expect(await send('INCR', 'n')).toEqual({ result: 1 });
  });

  it('far away, it is healthy at once; asked to stop it lets nobody wait', async () => {
    const { child, ended, ready } = start({ UPSTASH_BACKEND: 'mock', UPSTASH_DELAY_MS: '60000' });
    const { on, url } = await ready;
    expect(on).toBe('ioredis-mock, answers after 60000 ms');
    expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    const answer = fetch(`${url}/`, { method: 'POST', body: '["PING"]' });
    await (await fetch(`${url}/healthz/live`)).text();
    child.kill('SIGTERM');
    expect((await answer).status).toBe(401);
    expect((await ended).code).toBe(0);
  });

  it.each([
    [
      { UPSTASH_BACKEND: 'valkey' },
      'Configuration is not valid: UPSTASH_BACKEND is "valkey" but must be auto, redis or mock.',
    ],
    [
      { UPSTASH_BACKEND: 'mock', REDIS_URL: 'redis://127.0.0.1' },
      'UPSTASH_BACKEND is "mock" and REDIS_URL is set: allowed is one of them.',
    ],
    [
      { UPSTASH_BACKEND: 'redis', PATH: '/nowhere' },
      'UPSTASH_BACKEND is "redis" but there is no redis-server on the PATH: install it (Debian: redis-server), or allowed are auto and mock.',
    ],
  ])('refuses %j in one sentence, with code 78', async (env, sentence) => {
    expect(await start(env).ended).toEqual({ code: 78, errors: `upstash: ${sentence}\n` });
  });

  it('ends with code 1 and a sentence when REDIS_URL is of nobody', async () => {
    const port = await freePort();
    const { code, errors } = await start({ REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` }).ended;
    expect([code, errors]).toEqual([
      1,
      `upstash: Cannot use the Redis at 127.0.0.1:${port} (REDIS_URL): connect ECONNREFUSED 127.0.0.1:${port}\n`,
    ]);
  });
});
