import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '#contracts/problem.ts';
import { createTestRoom, lineOf, type TestRoom, tariff } from './aggregator.testing.ts';
import { createAggregatorApp } from './app.ts';
import { parseConfig } from './config.ts';
import { Insurers } from './insurers/list-insurers.ts';
import { type Schedule, startSchedule } from './schedule.ts';

const OPERATOR_TOKEN = 'operator-token-for-tests-only-32chars';
const config = parseConfig({
  REGION: 'msk',
  PORT: '0',
  DATABASE_URL: 'postgres://aggregator@127.0.0.1:1/insuretech',
  OPERATOR_TOKEN,
  INSURERS: 'volga=http://insurers.test/volga,ural=http://insurers.test/ural',
});

let room: TestRoom;
let schedule: Schedule;
let app: ReturnType<typeof createAggregatorApp>;
const answers: { volga?: number } = {};
beforeAll(async () => {
  room = await createTestRoom();
  const volga = lineOf('volga', async () => {
    if (answers.volga === undefined) throw new Error('HTTP status 500');
    return [tariff(answers.volga)];
  });
  const ural = { ...lineOf('ural', async () => [tariff(500_002)]), breaker: () => 'half-open' as const };
  const { ctx } = room.context([volga, ural]);
  schedule = startSchedule({ ...ctx, lines: [] });
  const health = { ready: true, checks: { database: async () => void (await ctx.sql`select 1`) } };
  app = createAggregatorApp(ctx, { config, schedule, registry: new Registry(), health });
});
afterAll(async () => {
  await schedule[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
});

const call = (path: string, init: RequestInit = {}) =>
  app.request(path, { ...init, headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, ...init.headers } });
const poll = async (id: string) => (await call(`/v1/insurers/${id}/poll`, { method: 'POST' })).json();
const insurers = async () => Insurers.parse(await (await call('/v1/insurers')).json()).insurers;

const NOTHING = { lastPoll: null, nextPoll: null, retryAt: null, asOf: null, tariffs: [], quarantine: null };

test('GET insurers: before any poll each is there, with nothing known', async () => {
  expect(await insurers()).toEqual([
    { id: 'volga', protocol: 'rest', breaker: 'closed', ...NOTHING },
    { id: 'ural', protocol: 'rest', breaker: 'half-open', ...NOTHING },
  ]);
});

test('POST poll says what became of it, and GET insurers has it: when, how, as of when, which version', async () => {
  answers.volga = 500_000;
  expect(await poll('volga')).toEqual({ status: 'good', changed: 1 });
  const at = '2026-11-22T10:07:30.000Z';
  const known = { asOf: at, tariffs: [{ product: 'osago', version: 1, changedAt: at }] };
  expect((await insurers())[0]).toMatchObject({ ...known, lastPoll: { at, outcome: 'good' } });
  delete answers.volga;
  expect(await poll('volga')).toEqual({ status: 'failed', reason: 'HTTP status 500' });
  expect((await insurers())[0]).toMatchObject({ ...known, lastPoll: { at, outcome: 'failed: HTTP status 500' } });
});

test('R11 GET insurers tells when the next poll is due', async () => {
  const { ctx } = room.context([lineOf('volga', async () => [tariff(500_001)])]);
  await using own = startSchedule(ctx);
  const shell = { config, schedule: own, registry: new Registry(), health: { ready: true, checks: {} } };
  const response = await createAggregatorApp(ctx, shell).request('/v1/insurers', {
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  });
  const [volga] = Insurers.parse(await response.json()).insurers;
  expect(volga?.nextPoll).toMatch(/T\d\d:(00|15|30|45):00\.000Z$/);
});

test('R14 a jump of prices: POST poll says why it is not believed, GET insurers shows it, a release with a reason publishes it', async () => {
  answers.volga = 500_000;
  await poll('volga');
  answers.volga = 800_000;
  const findings = ['osago: base rate of row 2.2 went from 5000.00 to 8000.00 roubles'];
  expect(await poll('volga')).toEqual({ status: 'quarantined', findings });
  const since = '2026-11-22T10:07:30.000Z';
  const version = (await insurers())[0]?.tariffs[0]?.version ?? 0;
  expect((await insurers())[0]).toMatchObject({
    lastPoll: { at: since, outcome: `quarantined: ${findings[0]}` },
    quarantine: { since, findings },
  });
  const release = (why: string, id = 'volga') =>
    call(`/v1/insurers/${id}/quarantine/release`, {
      method: 'POST',
      body: JSON.stringify({ why }),
      headers: { 'content-type': 'application/json' },
    });
  const blank = await release(' ');
  expect([blank.status, ((await blank.json()) as Problem).errors?.map(({ field }) => field)]).toEqual([400, ['why']]);
  const released = await release('confirmed by telephone');
  expect([released.status, await released.json()]).toEqual([200, { status: 'released', changed: 1 }]);
  expect((await insurers())[0]).toMatchObject({ quarantine: null, tariffs: [{ version: version + 1 }] });
  expect((await release('again')).status).toBe(404);
  expect((await release('nobody', 'yeti')).status).toBe(404);
});

test('a poll that our own database breaks is 500, and tells nothing of it', async () => {
  answers.volga = 510_000;
  await room.admin`alter table aggregator.outbox add constraint broken check (false) not valid`;
  const response = await call('/v1/insurers/volga/poll', { method: 'POST' });
  await room.admin`alter table aggregator.outbox drop constraint broken`;
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/insert|outbox|constraint/);
});

test.each([
  ['yeti', 404],
  ['Volga', 400],
])('POST poll of the insurer "%s" is %i, a problem', async (id, status) => {
  const response = await call(`/v1/insurers/${id}/poll`, { method: 'POST' });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

test('every call needs the operator token; health, metrics and docs do not', async () => {
  for (const [path, method] of [
    ['/v1/insurers', 'GET'],
    ['/v1/insurers/volga/poll', 'POST'],
    ['/v1/insurers/yeti/poll', 'POST'],
    ['/v1/insurers/volga/quarantine/release', 'POST'],
  ] as const) {
    expect((await app.request(path, { method })).status).toBe(401);
    const wrong = await app.request(path, { method, headers: { authorization: 'Bearer wrong' } });
    expect(wrong.status).toBe(401);
  }
  for (const path of ['/healthz/live', '/healthz/ready', '/healthz/gslb', '/metrics', '/openapi.json', '/docs'])
    expect((await app.request(path)).status).toBe(200);
});

test('GET /openapi.json names every call', async () => {
  const { paths } = (await (await app.request('/openapi.json')).json()) as { paths: object };
  expect(Object.keys(paths)).toEqual([
    '/v1/insurers',
    '/v1/insurers/{id}/poll',
    '/v1/insurers/{id}/quarantine/release',
  ]);
});
