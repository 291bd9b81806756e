import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOP_HEADER } from '#contracts/hop.ts';
import { Policies, Policy } from '#contracts/policy.ts';
import { type Call, createTestCore, HOLDER, partner, query, signHop, type TestCore, tariff } from './core.testing.ts';
import { countWritten, UUID } from './policies/policies.testing.ts';
import { fieldsOf, problemOf, slugOf } from './problem.testing.ts';
import { requestQuote } from './quotes/request-quote.ts';

const REASON = '{"reason":"The car was sold"}';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  for (const id of ['alfa', 'beta']) await core.addPartner(partner(id));
});
afterAll(() => core[Symbol.asyncDispose]());

function newBody(): string {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  return JSON.stringify({ offer: offer?.token, holder: HOLDER, startsOn: '2026-11-23' });
}
const post = (path: string, { key, ...rest }: { key: string } & Omit<Call, 'key'>) =>
  core.call(path, { method: 'POST', by: 'alfa', headers: { 'idempotency-key': key }, ...rest });
const issue = (key: string, body = newBody(), by = 'alfa') => post('/v1/policies', { key, body, by });
const sell = async () => Policy.parse(await (await issue(`key-${randomUUID()}`)).json());
const cancel = (id: string, key: string, changes: Omit<Call, 'key'> = {}) =>
  post(`/v1/policies/${id}/cancel`, { key, body: REASON, ...changes });
const written = () => countWritten(core);
const said = async (answer: Response) => [
  answer.status,
  await answer.text(),
  answer.headers.get('idempotency-replayed'),
];

describe('POST /v1/policies/{id}/cancel', () => {
  test('answers 200 with refund; a repeat gives the same bytes and says so; GET tells the same', async () => {
    const policy = await sell();
    const [status, text, replayed] = await said(await cancel(policy.id, 'key-of-a-cancel'));
    const cancelled = Policy.parse(JSON.parse(String(text)));
    expect([status, replayed, cancelled.status, cancelled.refund]).toEqual([200, null, 'cancelled', policy.premium]);
    for (const key of ['key-of-a-cancel', 'another-key'])
      expect(await said(await cancel(policy.id, key))).toEqual([200, text, 'true']);
    const found = await core.call(`/v1/policies/${policy.id}`, { by: 'alfa' });
    expect([found.status, await found.text()]).toEqual([200, text]);
  });

  test('the trace of the caller goes into the event', async () => {
    const { id } = await sell();
    const trace = 'c'.repeat(32);
    const headers = { traceparent: `00-${trace}-${'d'.repeat(16)}-01`, 'idempotency-key': 'key-of-a-trace' };
    await cancel(id, '', { headers });
    const [row] = await core.admin`select type, traceparent from core.outbox order by id desc limit 1`;
    expect(row?.['type']).toBe('policy.cancelled.v1');
    expect(row?.['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  });

  test('refuses by slug: no partner, not there, another partner’s, another region’s, a key used, a cover that ended', async () => {
    const { id } = await sell();
    await cancel((await sell()).id, 'key-that-is-used');
    const before = await written();
    expect(await slugOf(await cancel(id, 'key-of-nobody', { by: 'gamma' }))).toEqual([401, 'unauthenticated']);
    expect(await slugOf(await cancel(`msk-${UUID}`, 'key-of-nothing'))).toEqual([404, 'not-found']);
    expect(await slugOf(await cancel(id, 'key-of-beta', { by: 'beta' }))).toEqual([404, 'not-found']);
    const { slug, home } = await problemOf(await cancel(`nsk-${UUID}`, 'key-of-afar'));
    expect([slug, home]).toEqual(['wrong-region', 'https://nsk.example']);
    expect(await slugOf(await cancel(id, 'key-that-is-used'))).toEqual([422, 'idempotency-key-reused']);
    const now = core.clock.at;
    core.clock.at = new Date('2027-11-22T09:00:00.000Z');
    expect(await slugOf(await cancel(id, 'key-too-late'))).toEqual([409, 'policy-ended']);
    core.clock.at = now;
    expect(await written()).toEqual(before);
  });

  test('brings nothing of the reason into the log, although Postgres repeats the row that breaks a constraint', async () => {
    const { id } = await sell();
    await core.admin`alter table core.policies add constraint broken check (cancel_reason is null) not valid`;
    const answer = await cancel(id, 'key-of-a-failure', { body: '{"reason":"Canary reason"}' });
    await core.admin`alter table core.policies drop constraint broken`;
    expect(await slugOf(answer)).toEqual([500, 'internal']);
    const said = core.logged.join('');
    expect(said).toContain('broken');
    expect(said).not.toContain('Canary');
  });

  test('is by POST alone, and there is nothing else below a policy', async () => {
    const { id } = await sell();
    expect(await slugOf(await core.call(`/v1/policies/${id}/cancel`, { by: 'alfa' }))).toEqual([
      405,
      'method-not-allowed',
    ]);
    const answer = await post(`/v1/policies/${id}/renew`, { key: 'key-to-renew', body: REASON });
    expect(await slugOf(answer)).toEqual([404, 'not-found']);
  });
});

describe('GET /v1/policies', () => {
  test('pages through a partner’s own policies, newest first', async () => {
    await core.admin`truncate core.policies`;
    const sold = [];
    for (let n = 0; n < 5; n += 1) {
      core.advance(1);
      sold.push(await sell());
    }
    const first = Policies.parse(await (await core.call('/v1/policies?limit=3', { by: 'alfa' })).json());
    const rest = `/v1/policies?limit=3&cursor=${first.nextCursor}`;
    const second = Policies.parse(await (await core.call(rest, { by: 'alfa' })).json());
    expect([...first.items, ...second.items]).toEqual(sold.toReversed());
    expect(second).not.toHaveProperty('nextCursor');
    expect(await (await core.call('/v1/policies', { by: 'beta' })).json()).toEqual({ items: [] });
    expect(await slugOf(await core.call('/v1/policies'))).toEqual([401, 'unauthenticated']);
  });
});

describe('an Idempotency-Key', () => {
  test('of two partners is two keys: each has a policy and an answer of its own', async () => {
    const before = await written();
    const [alfas, betas] = await Promise.all(['alfa', 'beta'].map((by) => issue('key-of-two', newBody(), by)));
    const ids = [await alfas?.json(), await betas?.json()].map((body) => Policy.parse(body).id);
    expect([alfas?.status, betas?.status, new Set(ids).size]).toEqual([201, 201, 2]);
    expect(await written()).toEqual({ ...before, policies: before.policies + 2, events: before.events + 2 });
  });

  test('sent 200 times at once makes one policy, and 200 equal answers of which one is the first', async () => {
    const before = await written();
    const body = newBody();
    const answers = await Promise.all(Array.from({ length: 200 }, () => issue('key-of-200', body)));
    const all = await Promise.all(answers.map(said));
    expect(new Set(all.map(([status, text]) => `${status} ${text}`)).size).toBe(1);
    expect(all.filter(([, , replayed]) => replayed === null)).toHaveLength(1);
    expect(all[0]?.[0]).toBe(201);
    expect(await written()).toEqual({ ...before, policies: before.policies + 1, events: before.events + 1 });
  });

  test('sent twice in one request, missing, empty, too short, too long or of other characters is refused by its name', async () => {
    const { id } = await sell();
    const before = await written();
    for (const [path, body] of [
      ['/v1/policies', newBody()],
      [`/v1/policies/${id}/cancel`, REASON],
    ] as const) {
      const call = { at: core.clock.at, method: 'POST', path, body, partner: 'alfa' };
      for (const keys of [
        [],
        [''],
        ['1234567'],
        ['x'.repeat(201)],
        ['x'.repeat(10_000)],
        ['with a space'],
        ['a\tkey-with-a-tab'],
        ['key-number-1', 'key-number-2'],
        ['key-number-1', 'key-number-1'],
      ]) {
        const headers = new Headers({ 'content-type': 'application/json' });
        headers.set(HOP_HEADER, await signHop(core.config.HOP_KEY, call));
        for (const key of keys) headers.append('idempotency-key', key);
        const answer = await core.app.request(path, { method: 'POST', headers, body });
        expect(await fieldsOf(answer)).toEqual([400, 'invalid-request', 'idempotency-key']);
      }
    }
    expect(await written()).toEqual(before);
  });

  test.each([8, 200])('of %i characters is taken', async (length) => {
    expect((await issue('~'.repeat(length))).status).toBe(201);
    expect((await cancel((await sell()).id, '!'.repeat(length))).status).toBe(200);
  });
});
