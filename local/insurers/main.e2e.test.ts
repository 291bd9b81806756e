import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const children: ChildProcess[] = [];

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text;
  });
  const ready = once(child.stdout, 'data').then(([text]) => String(text));
  return { child, ended, ready, errors: () => errors };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('node local/insurers/main.ts', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says where each insurer is, and ends with code 0 on %s',
    async (signal) => {
      const { child, ended, ready, errors } = start({ PORT: '0' });
      const [, base] = /INSURERS="volga=(http:\/\/127\.0\.0\.1:\d+)\/volga,/.exec(await ready) ?? [];
      const insurers = ['volga', 'don', 'ural', 'lena', 'baikal'].map((id) => `${id}=${base}/${id}`);
      expect(await ready).toBe(`insurers: ready, INSURERS="${insurers.join(',')}"\n`);
      const health = await fetch(`${base}/healthz/live`);
      expect(health.status).toBe(200);
      await health.text();
      child.kill(signal);
      expect(await ended).toBe(0);
      expect(errors()).toBe('');
    },
  );

  test('ends with code 0 even when a caller never finishes its request', async () => {
    const { child, ended, ready } = start({ PORT: '0' });
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(await ready) ?? [];
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('POST /baikal/graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    await (await fetch(`http://127.0.0.1:${port}/healthz/live`)).text();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('serves as many insurers as INSURER_COUNT says, and no other', async () => {
    const { ready } = start({ PORT: '0', INSURER_COUNT: '10' });
    const told = /INSURERS="(.*)"/.exec(await ready)?.[1]?.split(',') ?? [];
    expect(told.map((pair) => pair.split('=')[0])).toEqual([
      ...['volga', 'don', 'ural', 'lena', 'baikal'],
      ...['kama', 'amur', 'yenisei', 'neva', 'oka'],
    ]);
    const fewer = start({ PORT: '0', INSURER_COUNT: '1' });
    const [, base = ''] = /INSURERS="volga=(\S+)\/volga"/.exec(await fewer.ready) ?? [];
    const { items } = await (await fetch(`${base}/control`)).json();
    expect(items.map(({ id }: { id: string }) => id)).toEqual(['volga']);
    expect((await fetch(`${base}/don/`)).status).toBe(404);
  });

  test('callers that are left hanging, waiting or reading without an end hold nothing up, and nothing is printed', async () => {
    const { child, ended, ready, errors } = start({ PORT: '0' });
    const [, base = ''] = /INSURERS="volga=(\S+)\/volga,/.exec(await ready) ?? [];
    const outcomes: Promise<string>[] = [];
    for (const [id, fault] of Object.entries({ volga: 'hang', don: 'slow', ural: 'huge', lena: 'reset' })) {
      const body = JSON.stringify({ fault, ...(fault === 'slow' && { delayMs: 120_000 }) });
      await (await fetch(`${base}/control/${id}/fault`, { method: 'PUT', body })).text();
      // What is endless is not read before the end, for it would come to its own.
      const outcome = fetch(`${base}/${id}/`).then((answer) => ended.then(() => answer.text()));
      outcomes.push(
        outcome.then(
          () => 'answered',
          () => 'cut off',
        ),
      );
      await (await fetch(`${base}/healthz/live`)).text();
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await Promise.all(outcomes)).toEqual(['cut off', 'cut off', 'cut off', 'cut off']);
    expect(errors()).toBe('');
  });

  test('names a taken port and a wrong value in one sentence, and ends with code 1', async () => {
    const first = start({ PORT: '0' });
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(await first.ready) ?? [];
    const second = start({ PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.errors()).toBe(`insurers: port ${port} on 127.0.0.1 is taken: stop what listens there or set PORT\n`);
    const third = start({ PORT: 'x' });
    expect(await third.ended).toBe(1);
    expect(third.errors()).toBe('insurers: PORT must be a number from 0 to 65535, not "x"\n');
    const fourth = start({ INSURER_COUNT: '11' });
    expect(await fourth.ended).toBe(1);
    expect(fourth.errors()).toBe('insurers: INSURER_COUNT must be a number from 1 to 10, not "11"\n');
  });
});
