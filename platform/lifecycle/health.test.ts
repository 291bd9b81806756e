import { describe, expect, test } from 'vitest';
import { type Check, healthRoutes } from './health.ts';

/** Health routes under a clock of their own. */
function room(checks: Record<string, Check>) {
  const clock = { ms: 0 };
  const health = { ready: true, checks };
  const deadlines: { ms: number; pass: () => void }[] = [];
  const deadline = (ms: number) => {
    const late = new AbortController();
    deadlines.push({ ms, pass: () => late.abort(new Error('late')) });
    return late.signal;
  };
  const app = healthRoutes(health, { now: () => clock.ms, deadline });
  const ask = async (path: 'live' | 'ready' | 'gslb') => {
    const response = await app.request(`/healthz/${path}`);
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  return { clock, health, deadlines, ask };
}

describe('/healthz/gslb', () => {
  test('is 200 with each check when all are good', async () => {
    const { ask } = room({ database: async () => {}, core: async () => {} });
    const { status, body, headers } = await ask('gslb');
    expect([status, body]).toEqual([200, { status: 'ok', checks: { database: 'ok', core: 'ok' } }]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('one failing check is 503, is named, is not hidden by a good one, and tells no inside', async () => {
    const failing = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    const { status, body } = await room({ database: failing, core: async () => {} }).ask('gslb');
    expect([status, body]).toEqual([503, { status: 'failing', checks: { database: 'failing', core: 'ok' } }]);
  });

  test('is not older than a second: a round serves up to 1 s from its start, then another is made', async () => {
    let rounds = 0;
    const { clock, ask } = room({
      database: async () => {
        rounds += 1;
        if (rounds > 1) throw new Error('gone');
      },
    });
    expect((await ask('gslb')).status).toBe(200);
    clock.ms = 999;
    expect([(await ask('gslb')).status, rounds]).toEqual([200, 1]);
    clock.ms = 1_000;
    expect([(await ask('gslb')).status, rounds]).toEqual([503, 2]);
  });

  test('a slow round counts from when it began, so its answer is never older than it says', async () => {
    let rounds = 0;
    const first = Promise.withResolvers<void>();
    const { clock, ask } = room({ database: () => (++rounds === 1 ? first.promise : Promise.resolve()) });
    const slow = ask('gslb');
    clock.ms = 1_000;
    first.resolve();
    await slow;
    await ask('gslb');
    expect(rounds).toBe(2);
  });

  test('any number of probes at once make one round', async () => {
    let rounds = 0;
    const gate = Promise.withResolvers<void>();
    const { ask } = room({
      database: () => {
        rounds += 1;
        return gate.promise;
      },
    });
    const probes = Array.from({ length: 50 }, () => ask('gslb'));
    gate.resolve();
    expect(new Set((await Promise.all(probes)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(rounds).toBe(1);
  });

  test('R1 R8 a check that hangs is failing before a probe of 1 s is given up, is named, and hides no other', async () => {
    const hung = () => new Promise<void>(() => undefined);
    const { deadlines, ask } = room({ database: hung, core: async () => {} });
    const asked = ask('gslb');
    expect(deadlines.map(({ ms }) => ms)).toEqual([800]);
    deadlines[0]?.pass();
    const { status, body } = await asked;
    expect([status, body]).toEqual([503, { status: 'failing', checks: { database: 'failing', core: 'ok' } }]);
  });

  test('what hung and comes back is asked anew after a second, and is good again', async () => {
    const first = Promise.withResolvers<void>();
    let rounds = 0;
    const { clock, deadlines, ask } = room({ database: () => (++rounds === 1 ? first.promise : Promise.resolve()) });
    const asked = ask('gslb');
    deadlines[0]?.pass();
    expect((await asked).status).toBe(503);
    first.reject(new Error('the connection was lost'));
    clock.ms = 1_000;
    expect((await ask('gslb')).status).toBe(200);
  });

  test('R1 by the real clock a hung check is told in under a second', async () => {
    const health = { ready: true, checks: { core: () => new Promise<void>(() => undefined) } };
    const startedAt = performance.now();
    const answer = await healthRoutes(health, { now: () => performance.now() }).request('/healthz/gslb');
    expect([answer.status, performance.now() - startedAt < 1_000]).toEqual([503, true]);
  });

  test('a failure is forgotten after a second too', async () => {
    let broken = true;
    const { clock, ask } = room({
      database: async () => {
        if (broken) throw new Error('away');
      },
    });
    expect((await ask('gslb')).status).toBe(503);
    broken = false;
    clock.ms = 1_000;
    expect((await ask('gslb')).status).toBe(200);
  });
});

test('not ready is 503 on /ready and on /gslb at once, whatever was cached; /live stays 200', async () => {
  const { health, ask } = room({ database: async () => {} });
  expect((await ask('gslb')).status).toBe(200);
  health.ready = false;
  expect([(await ask('ready')).status, (await ask('gslb')).status, (await ask('live')).status]).toEqual([
    503, 503, 200,
  ]);
  expect((await ask('gslb')).body).toEqual({ status: 'failing', checks: { ready: 'failing' } });
  health.ready = true;
  expect([(await ask('ready')).status, (await ask('gslb')).status]).toEqual([200, 200]);
});

test('/live and /ready ask no check: a database that is away restarts nothing', async () => {
  const { ask } = room({ database: () => Promise.reject(new Error('away')) });
  expect([(await ask('live')).status, (await ask('ready')).status]).toEqual([200, 200]);
});
