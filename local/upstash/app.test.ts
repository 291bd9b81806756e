import { afterEach, describe, expect, it, vi } from 'vitest';
import { createUpstashApp } from './app.ts';
import { AwayError, type Backend } from './backend.ts';
import { createMockBackend } from './mock-backend.ts';

const TOKEN = 'a-token-of-the-stand-in-for-tests-only';

/** The stand-in over a Redis that fails with this. */
function failing(error: Error) {
  const fail = () => Promise.reject(error);
  const backend: Backend = { ...createMockBackend(), pipeline: fail, transaction: fail };
  return createUpstashApp({ backend, token: TOKEN });
}
const post = (path: string, body: string) =>
  new Request(`http://upstash.test${path}`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, body });

describe('createUpstashApp', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ['/', '["PING"]'],
    ['/pipeline', '[["PING"]]'],
    ['/multi-exec', '[["PING"]]'],
  ])('answers 503 at %s while Redis is away, and is not ready', async (path, body) => {
    const app = failing(new AwayError('Redis is away'));
    const answer = await app.fetch(post(path, body));
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'ERR Redis is away' }]);
    expect((await app.request('/healthz/ready')).status).toBe(503);
    expect((await app.request('/healthz/live')).status).toBe(200);
  });

  it('is not ready while Redis answers with an error only', async () => {
    const busy = { error: 'BUSY Redis is busy running a script' };
    const backend: Backend = { ...createMockBackend(), pipeline: async () => [busy] };
    const answer = await createUpstashApp({ backend, token: TOKEN }).request('/healthz/ready');
    expect([answer.status, await answer.json()]).toEqual([503, busy]);
  });

  it('keeps a fault of its own to its log', async () => {
    const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const answer = await failing(new TypeError('a bug')).fetch(post('/', '["PING"]'));
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'ERR internal error' }]);
    expect(logged.mock.calls.join()).toMatch(/upstash: TypeError: a bug\n {4}at /);
  });

  it('refuses a request larger than Upstash takes', async () => {
    const app = createUpstashApp({ backend: createMockBackend(), token: TOKEN });
    const fits = JSON.stringify(['SET', 'a', 'x'.repeat(10 * 1024 * 1024 - 20)]);
    expect((await app.fetch(post('/', fits))).status).toBe(200);
    const answer = await app.fetch(post('/', JSON.stringify(['SET', 'a', 'x'.repeat(10 * 1024 * 1024)])));
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error: 'ERR max request size exceeded. Limit: 10485760 bytes' },
    ]);
  });
});
