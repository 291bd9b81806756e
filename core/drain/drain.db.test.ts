import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Drain } from '#contracts/drain.ts';
import { Quote } from '#contracts/quote.ts';
import { createCoreApp } from '../app.ts';
import { createTestCore, HOLDER, NOW, partner, query, type TestCore, tariff } from '../core.testing.ts';
import { gslbChecks } from '../health/gslb-checks.ts';
import { fieldsOf, slugOf } from '../problem.testing.ts';

let core: TestCore;
beforeEach(async () => {
  core = await createTestCore();
});
afterEach(() => core[Symbol.asyncDispose]());

const operator = (body?: unknown, token = core.config.OPERATOR_TOKEN, app = core.app) =>
  app.request('/v1/drain', {
    method: body === undefined ? 'GET' : 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const told = async (body?: unknown) => Drain.parse(await (await operator(body)).json());
const gslb = async (app = core.app) => {
  const answer = await app.request('/healthz/gslb');
  return [answer.status, ((await answer.json()) as { checks: object }).checks];
};
const GOOD = [200, { database: 'ok', drain: 'ok' }];
const DRAINED = [503, { database: 'ok', drain: 'failing' }];

test('D5 a drained region says no on /healthz/gslb within a second, and why; taken back it is good again', async () => {
  expect(await told()).toEqual({ drained: false, since: null, reason: null });
  expect(await gslb()).toEqual(GOOD);
  expect(await told({ drained: true, reason: 'a new disk' })).toEqual({
    drained: true,
    since: NOW,
    reason: 'a new disk',
  });
  core.advance(1_000);
  expect(await gslb()).toEqual(DRAINED);
  expect((await core.app.request('/healthz/ready')).status).toBe(200);
  expect(await told({ drained: false, reason: 'done' })).toEqual({ drained: false, since: null, reason: null });
  core.advance(1_000);
  expect(await gslb()).toEqual(GOOD);
});

test('D5 R1 a drained region sells whatever still comes', async () => {
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
  await told({ drained: true, reason: 'a new disk' });
  const offer = Quote.parse(await (await core.call(`/v1/quotes/osago?${query()}`)).json()).offers[0]?.token;
  const body = JSON.stringify({ offer, holder: HOLDER, startsOn: '2026-11-23' });
  const headers = { 'idempotency-key': 'key-of-a-drained-region' };
  expect((await core.call('/v1/policies', { method: 'POST', by: 'alfa', body, headers })).status).toBe(201);
});

test('D5 a restart and every other replica know that the region is drained', async () => {
  await told({ drained: true, reason: 'a new disk' });
  const health = { ready: true, checks: gslbChecks(core.ctx) };
  const again = createCoreApp(core.ctx, { config: core.config, registry: new Registry(), health });
  expect(await gslb(again)).toEqual(DRAINED);
  expect(Drain.parse(await (await operator(undefined, core.config.OPERATOR_TOKEN, again)).json()).drained).toBe(true);
});

test('a region that is drained again keeps the moment since when, and has the newer reason', async () => {
  await told({ drained: true, reason: 'a new disk' });
  core.advance(60_000);
  expect(await told({ drained: true, reason: 'and new memory' })).toEqual({
    drained: true,
    since: NOW,
    reason: 'and new memory',
  });
});

test('a drain needs the operator token, and says which field is wrong', async () => {
  expect(await slugOf(await operator(undefined, 'nobody'))).toEqual([401, 'unauthenticated']);
  expect(await slugOf(await operator({ drained: true, reason: 'x' }, 'nobody'))).toEqual([401, 'unauthenticated']);
  expect(await fieldsOf(await operator({ drained: 'yes', reason: '' }))).toEqual([
    400,
    'invalid-request',
    'drained',
    'reason',
  ]);
  expect((await told()).drained).toBe(false);
});
