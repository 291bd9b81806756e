import { describe, expect, it } from 'vitest';
import { HOP_HEADER } from '#contracts/hop.ts';
import { createTestEdge, createTestStore, slugOf } from '../edge.testing.ts';
import { ALFA, BETA, readHop } from '../fake-core.testing.ts';

const ISSUE = '/v1/policies';
const write = { method: 'POST', key: ALFA.key, body: '{"offer":"t1"}' } as const;
const streamOf = (bytes: number) =>
  new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < bytes; sent += 1_000) controller.enqueue(new Uint8Array(Math.min(1_000, bytes - sent)));
      controller.close();
    },
  });

describe('the signed hop', () => {
  it('carries method, path and query, body, partner and request id, and never the key', async () => {
    const edge = createTestEdge();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = {
      'idempotency-key': 'key-00001',
      'content-type': 'application/json',
      'x-request-id': 'request-1',
      traceparent,
      cookie: 'a=b',
      'x-api-key': 'c',
    };
    const answer = await edge.get(`${ISSUE}?a=1`, { ...write, headers });
    expect([answer.status, await answer.json()]).toEqual([201, { id: 'msk-1', partner: 'alfa', key: 'key-00001' }]);
    const [call] = edge.core.callsTo(ISSUE);
    expect(call).toMatchObject({ method: 'POST', target: `${ISSUE}?a=1`, body: write.body });
    expect(call?.claims).toMatchObject({ partner: 'alfa', requestId: 'request-1', path: `${ISSUE}?a=1` });
    expect(call?.headers.get('traceparent')).toContain('a'.repeat(32));
    expect(JSON.stringify([...(call?.headers ?? [])])).not.toContain(ALFA.key.slice(8));
    for (const name of ['authorization', 'cookie', 'x-api-key'])
      expect([name, call?.headers.get(name)]).toEqual([name, null]);
  });

  it('is good for this call alone: not for another method, path, body, nor half a minute later', async () => {
    const edge = createTestEdge();
    await edge.get(ISSUE, { ...write });
    const [seen] = edge.core.callsTo(ISSUE);
    const token = seen?.headers.get(HOP_HEADER) ?? undefined;
    const call = { method: 'POST', target: ISSUE, body: write.body, now: edge.clock.now() };
    expect(await readHop(token, call)).toBeDefined();
    const others = [{ method: 'GET' }, { target: `${ISSUE}?x=1` }, { body: '{}' }, { now: call.now + 30_000 }];
    for (const other of others) expect(await readHop(token, { ...call, ...other })).toBeUndefined();
  });

  it('a hop, partner or request id that a client makes up is not believed', async () => {
    const edge = createTestEdge();
    const headers = { [HOP_HEADER]: 'e30.e30.e30', 'x-request-id': '../../etc', 'x-partner': 'beta' };
    expect((await edge.get(ISSUE, { ...write, headers })).status).toBe(201);
    expect(edge.core.callsTo(ISSUE)[0]?.claims).toMatchObject({
      partner: 'alfa',
      requestId: expect.stringMatching(/^\w{32}$/),
    });
    expect((await edge.get(ISSUE, { method: 'POST', headers })).status).toBe(401);
  });

  it('is kept alive when its client leaves, so that it gives its place back', async () => {
    const edge = createTestEdge();
    await edge.get('/v1/policies/msk-1', { key: ALFA.key });
    await edge.settle();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    edge.mishaps.push(async () => {
      await gate;
      return Response.json({});
    });
    void edge.get(ISSUE, { ...write });
    await expect.poll(() => edge.queue.underWay()).toBe(1);
    const settled = edge.settle().then(() => edge.queue.underWay());
    open();
    expect(await settled).toBe(0);
  });

  it('answers with chosen headers of core only', async () => {
    const { headers } = await createTestEdge().get(ISSUE, { ...write });
    expect([headers.get('idempotency-replayed'), headers.get('cache-control')]).toEqual(['true', 'no-store']);
    expect([headers.get('x-secret'), headers.get('set-cookie')]).toEqual([null, null]);
  });
});

describe('paths', () => {
  it.each([
    '/v1/policies/../../internal/partners/alfa',
    '/v1/policies/%2e%2e/%2e%2e/internal/partners/alfa',
    '/v1/policies/..%2f..%2finternal%2fpartners%2falfa',
    '/v1/policies/a/cancel/b',
    '/v1/policies/a/renew',
    '/v1/policies/a/cancel/',
    '/v1/policies/a/Cancel',
    '/v1/policies/a%2fcancel',
    '/v1/policies/a;b/cancel',
    `/v1/policies/${'a'.repeat(81)}/cancel`,
    '/v1/policies//internal/partners/alfa',
    '/internal/partners/alfa',
    '/v1/quotes/osago/../../internal/partners/alfa',
    '/v1/quotes/osago%2f..%2f..%2finternal',
  ])('%s is 404 and no such call is made', async (path) => {
    const edge = createTestEdge();
    const answer = await edge.get(path, { key: ALFA.key });
    expect([answer.status, await slugOf(answer)]).toEqual([404, 'not-found']);
    const asked = edge.core.seen.filter(
      ({ headers }) => headers.get('x-request-id') === answer.headers.get('x-request-id'),
    );
    expect(asked.filter(({ claims }) => claims?.partner !== undefined)).toHaveLength(0);
  });

  it('a policy is read on behalf of the key, and other methods are refused with those that there are', async () => {
    const edge = createTestEdge();
    expect(await (await edge.get('/v1/policies/msk-7', { key: ALFA.key })).json()).toEqual({
      id: 'msk-7',
      partner: 'alfa',
    });
    const calls = edge.core.seen.length;
    for (const [path, allow] of [
      ['/v1/policies', 'GET, HEAD, POST'],
      ['/v1/policies/msk-7', 'GET, HEAD'],
      ['/v1/policies/msk-7/cancel', 'POST'],
    ] as const) {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await edge.get(path, { method, key: ALFA.key });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
      }
    }
    expect(edge.core.seen).toHaveLength(calls);
  });

  it('a cancellation goes to core with its body and its key, on behalf of the partner, and comes back as it is', async () => {
    const edge = createTestEdge();
    const headers = { 'idempotency-key': 'key-00001', 'content-type': 'application/json', cookie: 'a=b' };
    const [path, body] = ['/v1/policies/msk-7/cancel', '{"reason":"sold"}'];
    const answer = await edge.get(path, { method: 'POST', key: ALFA.key, headers, body });
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'msk-7', status: 'cancelled', partner: 'alfa' }]);
    expect([answer.headers.get('idempotency-replayed'), answer.headers.get('cache-control')]).toEqual([
      'true',
      'no-store',
    ]);
    expect([answer.headers.get('x-secret'), answer.headers.has('ratelimit')]).toEqual([null, true]);
    const [call, ...others] = edge.core.callsTo(path);
    expect(others).toEqual([]);
    expect(call).toMatchObject({ method: 'POST', target: path, body, claims: { partner: 'alfa', path } });
    expect([call?.headers.get('idempotency-key'), call?.headers.get('cookie')]).toEqual(['key-00001', null]);
    expect((await edge.get(path, { method: 'POST', headers, body })).status).toBe(401);
  });

  it('a listing is asked of core each time with its parameters, and never kept, nor shared between partners', async () => {
    const edge = createTestEdge({ store: createTestStore() });
    const path = '/v1/policies?limit=3&cursor=AZ-_09';
    for (const { key, partner } of [ALFA, BETA, ALFA]) {
      const answer = await edge.get(path, { key });
      const asked = { limit: '3', cursor: 'AZ-_09' };
      expect([answer.status, await answer.json()]).toEqual([200, { items: [], asked, partner: partner.id }]);
      expect([answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual(['no-store', null]);
    }
    expect(edge.core.callsTo('/v1/policies').map(({ target }) => target)).toEqual([path, path, path]);
    expect(edge.storeCalls.join('')).not.toContain('cursor');
    expect((await edge.get(path)).status).toBe(401);
  });

  it('a repeated Idempotency-Key reaches core as the two that it is, for core to refuse', async () => {
    const edge = createTestEdge();
    const headers = new Headers({ 'content-type': 'application/json' });
    for (const key of ['key-00001', 'key-00002']) headers.append('idempotency-key', key);
    await edge.get(ISSUE, { ...write, headers });
    expect(edge.core.callsTo(ISSUE)[0]?.headers.get('idempotency-key')).toBe('key-00001, key-00002');
  });
});

describe('the deadline', () => {
  const NOW = Date.parse('2026-11-22T10:00:00.000Z');

  it('is signed with each call: of a write the 10 s that edge waits, of a read no less than clocks may differ', async () => {
    const edge = createTestEdge();
    await edge.get('/v1/policies/msk-1', { key: ALFA.key });
    await edge.get(ISSUE, { ...write });
    await edge.get('/v1/quotes/osago');
    const deadlines = edge.core.seen.map(({ target, method, claims }) => [method, target, claims?.deadline]);
    expect(deadlines).toEqual([
      ['GET', '/internal/partners/alfa', NOW + 6_000],
      ['GET', '/v1/policies/msk-1', NOW + 6_000],
      ['POST', ISSUE, NOW + 10_000],
      ['GET', '/v1/quotes/osago', NOW + 6_000],
    ]);
  });
});

describe('bodies', () => {
  it.each([
    ['said to be', 'x'.repeat(65_537)],
    ['found to be', streamOf(65_537)],
  ])('a body %s over 64 KiB is 413 and does not reach core', async (_how, body) => {
    const edge = createTestEdge();
    const answer = await edge.get(ISSUE, { ...write, body, duplex: 'half' } as never);
    expect([answer.status, await slugOf(answer)]).toEqual([413, 'payload-too-large']);
    expect(edge.core.callsTo(ISSUE)).toHaveLength(0);
  });

  it('a body of 64 KiB passes whole, streamed or not', async () => {
    const edge = createTestEdge();
    for (const body of ['x'.repeat(65_536), streamOf(65_536)]) {
      expect((await edge.get(ISSUE, { ...write, body, duplex: 'half' } as never)).status).toBe(201);
    }
    expect(edge.core.callsTo(ISSUE).map((call) => call.body.length)).toEqual([65_536, 65_536]);
  });

  it('a body is not read before the key is known to be good', async () => {
    const edge = createTestEdge();
    const body = streamOf(65_537);
    expect((await edge.get(ISSUE, { method: 'POST', body, duplex: 'half' } as never)).status).toBe(401);
    expect(body.locked).toBe(false);
  });
});
