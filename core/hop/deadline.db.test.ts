import type { Sql } from 'postgres';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOP_HEADER } from '#contracts/hop.ts';
import { createCoreApp } from '../app.ts';
import { createTestCore, HOLDER, NOW, partner, query, signHop, type TestCore, tariff } from '../core.testing.ts';
import { RUNS_AT_ONCE } from '../policies/gather.ts';
import { countWritten } from '../policies/policies.testing.ts';
import { slugOf } from '../problem.testing.ts';
import { requestQuote } from '../quotes/request-quote.ts';

let core: TestCore;
let body: string;
beforeAll(async () => {
  core = await createTestCore();
  await core.addPartner(partner('alfa'));
  await core.consume(tariff('volga'));
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox`;
  core.clock.at = new Date(NOW);
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  body = JSON.stringify({ offer: offer?.token, holder: HOLDER, startsOn: '2026-11-23' });
});
afterAll(() => core[Symbol.asyncDispose]());

const NOTHING = { policies: 0, cancelled: 0, events: 0 };
const SECOND = 1_000;
/** Moments counted from that of the test. */
const at = (ms: number) => Date.parse(NOW) + ms;

const post = (path: string, { json, key, deadline }: { json: string; key: string; deadline?: number }) =>
  core.call(path, {
    method: 'POST',
    by: 'alfa',
    body: json,
    headers: { 'idempotency-key': key },
    ...(deadline !== undefined && { signed: { deadline } }),
  });
const sell = (key: string, deadline?: number) =>
  post('/v1/policies', { json: body, key, ...(deadline !== undefined && { deadline }) });
const cancel = (id: string, deadline: number) =>
  post(`/v1/policies/${id}/cancel`, { json: '{"reason":"sold"}', key: 'key-of-a-cancel', deadline });

/** Locks the policies, so that whoever wants them waits, until `meanwhile` has ended; it is told how many wait. */
async function lockPolicies(meanwhile: (waiting: () => Promise<number>) => Promise<void>): Promise<void> {
  await core.admin.begin(async (tx) => {
    await tx`lock table core.policies in access exclusive mode`;
    await meanwhile(() => countWaiting(tx as unknown as Sql));
  });
}
const PATIENT = { timeout: 10_000 };

async function countWaiting(tx: Sql): Promise<number> {
  // A transaction sees activity as it was when it first looked.
  await tx`select pg_stat_clear_snapshot()`;
  const [row] = await tx`select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and application_name = 'test'`;
  return Number(row?.['waiting']);
}

describe('a call whose deadline is past', () => {
  test.each([
    ['GET', `/v1/quotes/osago?${query()}`],
    ['GET', '/v1/policies'],
    ['GET', '/internal/partners/alfa'],
    ['POST', '/v1/policies'],
  ])('%s %s is refused with 503 and Retry-After a millisecond after it, and served at it', async (method, path) => {
    const call = (deadline: number) =>
      method === 'POST' ? sell('key-in-time', deadline) : core.call(path, { by: 'alfa', signed: { deadline } });
    const late = await call(at(-1));
    expect([late.headers.get('retry-after'), await slugOf(late)]).toEqual(['2', [503, 'core-unavailable']]);
    expect(await countWritten(core)).toEqual(NOTHING);
    expect((await call(at(0))).ok).toBe(true);
  });

  test.each(['POST', 'GET'])('%s is refused before the database is asked for anything', async (method) => {
    await lockPolicies(async (waiting) => {
      let isDone = false;
      const signed = { deadline: at(-1) };
      const asked =
        method === 'POST' ? sell('key-too-late', at(-1)) : core.call('/v1/policies', { by: 'alfa', signed });
      void asked.then(() => {
        isDone = true;
      });
      await expect.poll(async () => isDone || (await waiting()) > 0, PATIENT).toBe(true);
      expect(isDone).toBe(true);
      expect((await asked).status).toBe(503);
    });
  });

  test('is told nothing but 401 when its hop is another call’s: what it is over is looked at first', async () => {
    const answer = await core.call('/v1/policies', { by: 'alfa', signed: { deadline: at(-1), path: '/v1/products' } });
    expect(await slugOf(answer)).toEqual([401, 'unauthenticated']);
  });

  test('an edge of the release before, which tells none, is served', async () => {
    expect((await sell('key-of-an-old-edge')).status).toBe(201);
  });
});

/** Core that says how many sales have come as far as the queue of the database. */
function countingCore() {
  let queued = 0;
  const insertPolicy: typeof core.ctx.insertPolicy = (issue) => {
    queued += 1;
    return core.ctx.insertPolicy(issue);
  };
  const { config, health } = core;
  const app = createCoreApp({ ...core.ctx, insertPolicy }, { config, health, registry: new Registry() });
  return {
    async sell(key: string, deadline: number) {
      const call = { at: core.clock.at, method: 'POST', path: '/v1/policies', body, partner: 'alfa' };
      const hop = await signHop(config.HOP_KEY, call, { deadline });
      const headers = { [HOP_HEADER]: hop, 'content-type': 'application/json', 'idempotency-key': key };
      return app.request(call.path, { method: 'POST', headers, body });
    },
    queued: (count: number) => expect.poll(() => queued, PATIENT).toBe(count),
  };
}

describe('a purchase whose deadline passes while it waits', () => {
  test('for its turn is not written, its neighbours in the same run are, and its key issues it once afterwards', async () => {
    const counting = countingCore();
    const first = Array.from({ length: RUNS_AT_ONCE }, (_, n) => `key-under-way-${n}`);
    let answers: Promise<Response[]> | undefined;
    await lockPolicies(async (waiting) => {
      const underWay = first.map((key) => counting.sell(key, at(10 * SECOND)));
      await expect.poll(waiting, PATIENT).toBe(RUNS_AT_ONCE);
      const late = counting.sell('key-that-waits', at(10 * SECOND));
      const patient = counting.sell('key-with-more-time', at(20 * SECOND));
      answers = Promise.all([...underWay, late, patient]);
      await counting.queued(RUNS_AT_ONCE + 2);
      core.advance(10 * SECOND + 1);
    });
    const all = (await answers) ?? [];
    // What had been sent to the database is not called back: its answer says what became of it.
    expect(all.map(({ status }) => status)).toEqual([...first.map(() => 201), 503, 201]);
    const before = RUNS_AT_ONCE + 1;
    expect(await countWritten(core)).toEqual({ policies: before, cancelled: 0, events: before });

    const again = await sell('key-that-waits', at(30 * SECOND));
    const repeated = await sell('key-that-waits', at(30 * SECOND));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect([repeated.status, repeated.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await repeated.text()).toBe(await again.text());
    expect(await countWritten(core)).toEqual({ policies: before + 1, cancelled: 0, events: before + 1 });
  });
});

test('a cancellation whose deadline passes while the policy is read cancels nothing', async () => {
  const { id } = (await (await sell('key-to-cancel')).json()) as { id: string };
  let answer: Promise<Response> | undefined;
  await lockPolicies(async (waiting) => {
    answer = cancel(id, at(10 * SECOND));
    await expect.poll(waiting, PATIENT).toBe(1);
    core.advance(10 * SECOND + 1);
  });
  expect((await answer)?.status).toBe(503);
  expect(await countWritten(core)).toEqual({ policies: 1, cancelled: 0, events: 1 });
  expect((await cancel(id, at(30 * SECOND))).status).toBe(200);
  expect(await countWritten(core)).toEqual({ policies: 1, cancelled: 1, events: 2 });
});
