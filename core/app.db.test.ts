import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOP_HEADER } from '#contracts/hop.ts';
import { Partner } from '#contracts/partner.ts';
import { Policy } from '#contracts/policy.ts';
import { Products, Quote } from '#contracts/quote.ts';
import { type Call, createTestCore, HOLDER, partner, query, signHop, type TestCore, tariff } from './core.testing.ts';
import { fieldsOf, problemOf, slugOf } from './problem.testing.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
  await core.addPartner(partner('beta'));
});
afterAll(() => core[Symbol.asyncDispose]());

const call = (path: string, options: Call = {}) => core.call(path, options);
const quotePath = `/v1/quotes/osago?${query()}`;
const tokenOf = async () => Quote.parse(await (await call(quotePath)).json()).offers[0]?.token;
const bodyWith = async (changes: object = {}) =>
  JSON.stringify({ offer: await tokenOf(), holder: HOLDER, startsOn: '2026-11-23', ...changes });
const newKey = () => `key-${randomUUID()}`;
const post = async (body: string, { key = newKey(), ...rest }: { key?: string } & Omit<Call, 'key'> = {}) =>
  call('/v1/policies', { method: 'POST', by: 'alfa', body, headers: { 'idempotency-key': key }, ...rest });

describe('the signed hop', () => {
  test.each([
    '/v1/products',
    '/v1/localities?q=x',
    quotePath,
    '/v1/policies/msk-1',
    '/internal/partners/alfa',
    '/internal/catalogue',
  ])('GET %s without it is refused with 401', async (path) => {
    expect(await slugOf(await core.app.request(path))).toEqual([401, 'unauthenticated']);
  });

  test('POST /v1/policies without it is refused with 401, whatever else is wrong', async () => {
    const answer = await core.app.request('/v1/policies', { method: 'POST', body: '{' });
    expect(await slugOf(answer)).toEqual([401, 'unauthenticated']);
  });

  test.each<[string, Call]>([
    ['another method', { signed: { method: 'POST' } }],
    ['another path', { signed: { path: '/v1/policies' } }],
    ['the path without its query', { signed: { path: '/v1/quotes/osago' } }],
    ['another body', { signed: { bodyDigest: 'x' } }],
    ['a call 36 s ago', { signed: { iat: 1_795_341_564, exp: 1_795_341_594 } }],
    ['a call to come', { signed: { iat: 1_795_341_610, exp: 1_795_341_640 } }],
    ['a minute at once', { signed: { exp: 1_795_341_660 } }],
    ['another key', { key: new Uint8Array(32) }],
    ['a partner that cannot be', { signed: { partner: 'ALFA' } }],
  ])('for %s is refused with 401', async (_what, forged) => {
    expect(Math.floor(core.clock.at.getTime() / 1000)).toBe(1_795_341_600);
    expect(await slugOf(await call(quotePath, forged))).toEqual([401, 'unauthenticated']);
  });

  test('for one body does not carry another', async () => {
    const body = await bodyWith();
    const hop = await signHop(core.config.HOP_KEY, {
      at: core.clock.at,
      method: 'POST',
      path: '/v1/policies',
      body,
      partner: 'alfa',
    });
    const headers = { [HOP_HEADER]: hop, 'content-type': 'application/json', 'idempotency-key': 'key-of-a-forger' };
    const answer = await core.app.request('/v1/policies', { method: 'POST', headers, body: `${body} ` });
    expect(await slugOf(answer)).toEqual([401, 'unauthenticated']);
  });

  test('holds for 30 s and what clocks may differ', async () => {
    expect((await call(quotePath, { signed: { iat: 1_795_341_570, exp: 1_795_341_600 } })).status).toBe(200);
    expect((await call(quotePath, { signed: { iat: 1_795_341_605, exp: 1_795_341_635 } })).status).toBe(200);
  });
});

describe('a sale over HTTP', () => {
  test('GET quotes and products are public behind the hop', async () => {
    const { offers } = Quote.parse(await (await call(quotePath)).json());
    expect(offers.map((offer) => offer.insurer)).toEqual(['volga']);
    const { items } = Products.parse(await (await call('/v1/products')).json());
    expect(items.map((item) => item.insurers)).toEqual([['volga'], [], [], []]);
  });

  test('POST answers 201 with Location, where the policy is; a repeat gives the same bytes and says so', async () => {
    const body = await bodyWith();
    const first = await post(body, { key: 'key-of-a-sale' });
    const text = await first.text();
    const policy = Policy.parse(JSON.parse(text));
    expect([first.status, first.headers.get('location'), first.headers.get('idempotency-replayed')]).toEqual([
      201,
      `/v1/policies/${policy.id}`,
      null,
    ]);
    const again = await post(body, { key: 'key-of-a-sale' });
    expect([again.status, await again.text(), again.headers.get('idempotency-replayed')]).toEqual([201, text, 'true']);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const found = await call(`/v1/policies/${policy.id}`, { by: 'alfa' });
    expect([found.status, await found.json()]).toEqual([200, policy]);
    expect(await slugOf(await call(`/v1/policies/${policy.id}`, { by: 'beta' }))).toEqual([404, 'not-found']);
  });

  test('the same request with its fields in another order is the same request', async () => {
    const { offer, holder, startsOn } = JSON.parse(await bodyWith());
    const turned = Object.fromEntries(Object.entries(holder).reverse());
    await post(JSON.stringify({ offer, holder, startsOn }), { key: 'key-in-order' });
    const again = await post(JSON.stringify({ startsOn, holder: turned, offer }), { key: 'key-in-order' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('the trace of the caller goes into the event', async () => {
    const trace = 'c'.repeat(32);
    await post(await bodyWith(), {
      headers: { traceparent: `00-${trace}-${'d'.repeat(16)}-01`, 'idempotency-key': 'key-traced' },
    });
    const [row] = await core.admin`select traceparent from core.outbox order by id desc limit 1`;
    expect(row?.['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  });

  test.each(['GET', 'POST'])(
    '%s without a partner, or with one that is not known, is refused with 401',
    async (method) => {
      const path = method === 'GET' ? '/v1/policies/msk-1' : '/v1/policies';
      const body = method === 'GET' ? {} : { body: await bodyWith() };
      const headers = { 'idempotency-key': 'key-of-nobody' };
      expect(await slugOf(await call(path, { method, headers, ...body }))).toEqual([401, 'unauthenticated']);
      expect(await slugOf(await call(path, { method, headers, by: 'gamma', ...body }))).toEqual([
        401,
        'unauthenticated',
      ]);
    },
  );

  test('a refusal of the domain carries its extras: an expired offer says where a fresh quote is', async () => {
    const body = await bodyWith();
    core.advance(15 * 60_000);
    const { slug, status, quote, instance } = await problemOf(await post(body));
    core.advance(-15 * 60_000);
    expect([slug, status, instance]).toEqual(['offer-expired', 409, '/v1/policies']);
    expect((await call(quote ?? '')).status).toBe(200);
  });
});

describe('a request that is not valid is refused by name', () => {
  test.each<[string, object, string[]]>([
    ['unknown fields', { price: 1, holder: { ...HOLDER, inn: '1' } }, ['holder.inn', 'price']],
    ['an offer without', { offer: undefined }, ['offer']],
    [
      'a holder wrong in all',
      { holder: { fullName: ' ', birthDate: '31.12.1990', phone: '8999', email: 'a' } },
      ['holder.fullName', 'holder.birthDate', 'holder.phone', 'holder.email'],
    ],
    ['a day that is not', { startsOn: '2026-02-30' }, ['startsOn']],
    ['a price from the client', { premium: { amountMinor: 1, currency: 'RUB' } }, ['premium']],
  ])('POST with %s', async (_what, changes, fields) => {
    expect(await fieldsOf(await post(await bodyWith(changes)))).toEqual([400, 'invalid-request', ...fields]);
  });

  test.each(['{', '"text"', '[]', 'null', '{"offer":"a","offer"'])('POST with the body %s', async (body) => {
    expect(await fieldsOf(await post(body))).toEqual([400, 'invalid-request', 'body']);
  });

  test('POST without an Idempotency-Key, or with one too short or of other characters', async () => {
    const body = await bodyWith();
    const expected = [400, 'invalid-request', 'idempotency-key'];
    expect(await fieldsOf(await post(body, { headers: {} }))).toEqual(expected);
    for (const key of ['short', 'with a space', 'x'.repeat(201)])
      expect(await fieldsOf(await post(body, { key }))).toEqual(expected);
  });

  test('POST over 64 KiB gets 413, with its length told or not, and just below it does not', async () => {
    const body = JSON.stringify({ offer: 'x'.repeat(64 * 1024) });
    expect(await slugOf(await post(body))).toEqual([413, 'payload-too-large']);
    expect(await slugOf(await post(body, { headers: { 'content-length': String(body.length) } }))).toEqual([
      413,
      'payload-too-large',
    ]);
    expect(await slugOf(await post(body.slice(0, 64 * 1024 - 2).concat('"}')))).toEqual([400, 'invalid-request']);
  });

  test('none of which is logged as unexpected', async () => {
    core.logged.length = 0;
    await post('{');
    await post(JSON.stringify({ offer: 'x'.repeat(64 * 1024) }));
    await call('/v1/policies', { method: 'POST', body: '{}' });
    expect(core.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test('POST whose body is not said to be JSON', async () => {
    for (const type of ['text/plain', '']) {
      const headers = { 'content-type': type, 'idempotency-key': newKey() };
      const answer = await post(await bodyWith(), { headers });
      expect(await fieldsOf(answer)).toEqual([400, 'invalid-request', 'content-type']);
    }
  });

  test('GET quotes of a product that is not sold, naming those that are', async () => {
    const { errors, status } = await problemOf(await call('/v1/quotes/kasko'));
    expect([status, errors?.[0]?.field]).toEqual([400, 'product']);
    expect(errors?.[0]?.message).toContain('osago');
  });

  test.each<[string, Call, string]>([
    [`${quotePath}&wheels=4`, {}, 'wheels'],
    ['/v1/products?page=2', {}, 'page'],
    ['/v1/policies/msk-1?full=1', { by: 'alfa' }, 'full'],
  ])('GET %s: a parameter that there is not', async (path, options, field) => {
    expect(await fieldsOf(await call(path, options))).toEqual([400, 'invalid-request', field]);
  });

  test('what is not there gets 404 as a problem', async () => {
    const { slug, instance } = await problemOf(await call('/v2/nothing'));
    expect([slug, instance]).toEqual(['not-found', '/v2/nothing']);
  });
});

describe('partners', () => {
  const operator = (path: string, init: RequestInit = {}) =>
    core.app.request(path, {
      ...init,
      headers: { authorization: `Bearer ${core.config.OPERATOR_TOKEN}`, 'content-type': 'application/json' },
    });
  const { id: _, ...terms } = partner('gamma', { limitPerSecond: 7 });
  const put = (body: object, id = 'gamma') =>
    operator(`/v1/partners/${id}`, { method: 'PUT', body: JSON.stringify(body) });

  test('are set and read by the operator; edge sees what was set', async () => {
    expect(await slugOf(await operator('/v1/partners/gamma'))).toEqual([404, 'not-found']);
    expect((await put(terms)).status).toBe(200);
    expect((await put({ ...terms, limitPerSecond: 9 })).status).toBe(200);
    const expected = Partner.parse({ id: 'gamma', ...terms, limitPerSecond: 9 });
    expect(await (await operator('/v1/partners/gamma')).json()).toEqual(expected);
    expect(await (await call('/internal/partners/gamma')).json()).toEqual(expected);
    expect(await slugOf(await call('/internal/partners/unknown'))).toEqual([404, 'not-found']);
  });

  test('are refused with wrong terms, each named', async () => {
    const wrong = { ...terms, limitPerSecond: 0, keyDigests: ['a'], secret: 1 };
    expect(await fieldsOf(await put(wrong))).toEqual([
      400,
      'invalid-request',
      'limitPerSecond',
      'keyDigests.0',
      'secret',
    ]);
    expect(await fieldsOf(await put(terms, 'Gamma'))).toEqual([400, 'invalid-request', 'id']);
  });

  test("are nobody else's: no token, a wrong one, a partner's hop", async () => {
    const wrong = { headers: { authorization: 'Bearer wrong' } };
    for (const method of ['GET', 'PUT'])
      for (const answer of [
        await core.app.request('/v1/partners/alfa', { method }),
        await core.app.request('/v1/partners/alfa', { method, ...wrong }),
        await call('/v1/partners/alfa', { method, by: 'alfa' }),
      ])
        expect(await slugOf(answer)).toEqual([401, 'unauthenticated']);
    expect(await slugOf(await operator('/internal/partners/alfa'))).toEqual([401, 'unauthenticated']);
  });
});
