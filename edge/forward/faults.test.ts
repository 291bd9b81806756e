import { describe, expect, it } from 'vitest';
import { createTestEdge, type Mishap, slugOf, statuses, type TestEdge } from '../edge.testing.ts';
import { ALFA, BETA } from '../fake-core.testing.ts';
import type { Lane } from './queue.ts';

const ISSUE = '/v1/policies';
/** A sale that nobody may send twice. */
const KEYLESS = { method: 'POST', key: ALFA.key, body: '{"offer":"t1"}' } as const;
const KEYED = { ...KEYLESS, headers: { 'idempotency-key': 'key-00001', 'x-request-id': 'request-1' } } as const;
const reset: Mishap = async () => {
  throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
};
const breakOff: Mishap = async () => {
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"id":'));
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response(body, { status: 201 });
};
const status =
  (code: number): Mishap =>
  async () =>
    new Response('<html>', { status: code });

/** An edge that knows its partner, so that the next call to core is the one that a test makes. */
async function warmEdge(env: Record<string, string> = {}) {
  const edge = createTestEdge({ env });
  await edge.get('/v1/policies/msk-1', { key: ALFA.key });
  for (const list of [edge.sent, edge.core.seen]) list.length = 0;
  return edge;
}
const countOf = (edge: TestEdge, kind: string) => edge.observed.filter((seen) => seen.kind === kind).length;

describe('a call that core may not have had', () => {
  it.each<[string, Mishap]>([
    ['its connection was reset', reset],
    ['its answer broke off', breakOff],
    ['a gateway lost it: 502', status(502)],
  ])('is sent once more with its Idempotency-Key and body when %s', async (_why, mishap) => {
    const edge = await warmEdge();
    const seen: RequestInit[] = [];
    edge.mishaps.push((init) => {
      seen.push(init);
      return mishap(init);
    });
    edge.clock.advance(1_000);
    expect((await edge.get(ISSUE, { ...KEYED })).status).toBe(201);
    const [call, ...others] = edge.core.callsTo(ISSUE);
    expect(others).toEqual([]);
    expect(call).toMatchObject({ body: KEYED.body, claims: { requestId: 'request-1', partner: 'alfa' } });
    expect(call?.headers.get('idempotency-key')).toBe('key-00001');
    const first = new Headers(seen[0]?.headers);
    expect(first.get('x-request-id')).toBe(call?.headers.get('x-request-id'));
    expect([edge.sent.length, countOf(edge, 'core-retry'), countOf(edge, 'core-unavailable')]).toEqual([2, 1, 0]);
  });

  it('signs anew for its second attempt, and keeps its deadline', async () => {
    const edge = await warmEdge();
    const deadline = edge.clock.now() + 10_000;
    edge.mishaps.push((init) => {
      edge.clock.advance(1_000);
      return reset(init);
    });
    await edge.get(ISSUE, { ...KEYED });
    const [call] = edge.core.callsTo(ISSUE);
    expect(call?.claims).toMatchObject({ deadline, iat: (deadline - 9_000) / 1_000 });
  });

  it('is sent once when it is a write without an Idempotency-Key', async () => {
    const edge = await warmEdge();
    edge.mishaps.push(reset);
    const answer = await edge.get(ISSUE, { ...KEYLESS });
    expect([answer.status, edge.sent.length, countOf(edge, 'core-retry')]).toEqual([503, 1, 0]);
  });

  it('is sent once more when it is a read, of a policy or of a quote', async () => {
    const edge = await warmEdge();
    for (const path of ['/v1/policies/msk-7', '/v1/policies?limit=2', '/v1/quotes/osago?kbm=1']) {
      edge.mishaps.push(reset);
      expect([path, (await edge.get(path, { key: ALFA.key })).status]).toEqual([path, 200]);
    }
    expect(countOf(edge, 'core-retry')).toBe(3);
  });

  it('is sent once when nobody waits for it: a renewal is tried again by the next request anyway', async () => {
    const edge = await warmEdge();
    await edge.get('/v1/quotes/osago?kbm=1');
    edge.clock.advance(40_000);
    edge.sent.length = 0;
    edge.mishaps.push(reset);
    await edge.get('/v1/quotes/osago?kbm=1');
    await edge.settle();
    expect([edge.sent.length, countOf(edge, 'core-retry')]).toEqual([1, 0]);
  });

  it.each([503, 504])(
    'is not repeated for a %i: who is overloaded or slow is not helped by another call',
    async (code) => {
      const edge = await warmEdge();
      edge.mishaps.push(status(code));
      const answer = await edge.get(ISSUE, { ...KEYED });
      expect([answer.status, answer.headers.get('retry-after'), edge.sent.length]).toEqual([503, '2', 1]);
    },
  );

  it.each([400, 409, 422, 429, 500])(
    'is not repeated for a %i, which is an answer and passes as it is',
    async (code) => {
      const edge = await warmEdge();
      edge.mishaps.push(status(code));
      const answer = await edge.get(ISSUE, { ...KEYED });
      expect([answer.status, await answer.text(), edge.sent.length]).toEqual([code, '<html>', 1]);
    },
  );
});

describe('faults of core', () => {
  it.each([
    ['dead', 2],
    ['slow', 1],
  ] as const)(
    'a write with its key to a %s core is tried %i times at most and answered 503 with Retry-After',
    async (weather, times) => {
      const edge = await warmEdge();
      edge.weather.core = weather;
      const answer = await edge.get(ISSUE, { ...KEYED });
      const said = [answer.status, answer.headers.get('retry-after'), await slugOf(answer)];
      expect(said).toEqual([503, '2', 'core-unavailable']);
      expect([edge.sent.length, countOf(edge, 'core-unavailable')]).toEqual([times, 1]);
    },
  );

  it('a core that does not answer is left alone for a second: 503 at once, with the time that is left', async () => {
    const edge = await warmEdge();
    edge.weather.core = 'dead';
    await failSales(edge);
    edge.sent.length = 0;
    for (const [path, init] of [
      [ISSUE, KEYED],
      ['/v1/policies/msk-1', { key: ALFA.key }],
    ] as const) {
      const answer = await edge.get(path, { ...init });
      expect([answer.status, answer.headers.get('retry-after'), await slugOf(answer)]).toEqual([
        503,
        '1',
        'core-unavailable',
      ]);
    }
    expect(edge.sent).toEqual([]);
    edge.weather.core = 'fine';
    edge.clock.advance(1_000);
    expect([(await edge.get(ISSUE, { ...KEYED })).status, circuitTurns(edge)]).toEqual([
      201,
      ['open', 'half-open', 'closed'],
    ]);
  });

  it('gslb asks core also while it is left alone, and its good answer ends that', async () => {
    const edge = await warmEdge();
    edge.weather.core = 'dead';
    await failSales(edge);
    edge.sent.length = 0;
    expect((await edge.get('/healthz/gslb')).status).toBe(503);
    expect(edge.sent).toEqual(['http://core.test/healthz/gslb']);
    expect((await edge.get(ISSUE, { ...KEYED })).status).toBe(503);
    edge.weather.core = 'fine';
    edge.clock.advance(999);
    await edge.get('/healthz/gslb');
    edge.clock.advance(1);
    expect([(await edge.get('/healthz/gslb')).status, circuitTurns(edge)]).toEqual([200, ['open', 'closed']]);
    expect((await edge.get(ISSUE, { ...KEYED })).status).toBe(201);
  });

  it('a core whose database is away refuses sales at once, and costs nobody a quote', async () => {
    const edge = await warmEdge();
    for (let failure = 0; failure < 5; failure += 1) {
      edge.mishaps.push(status(503));
      await edge.get(ISSUE, { ...KEYED });
      edge.clock.advance(100);
    }
    edge.sent.length = 0;
    expect([(await edge.get(ISSUE, { ...KEYED })).status, (await edge.get('/v1/quotes/osago?kbm=1')).status]).toEqual([
      503, 200,
    ]);
    expect(edge.sent).toEqual(['http://core.test/v1/quotes/osago?kbm=1']);
  });

  it('any number of refusals of core leave the circuit closed', async () => {
    const edge = await warmEdge();
    for (let refusal = 0; refusal < 20; refusal += 1) {
      edge.mishaps.push(status(409));
      expect((await edge.get(ISSUE, { ...KEYED })).status).toBe(409);
      edge.clock.advance(100);
    }
    expect(circuitTurns(edge)).toEqual([]);
  });

  it.each([301, 302, 307, 308])('a redirect %i is a fault and is not followed', async (status) => {
    const edge = createTestEdge();
    await edge.get('/v1/policies/msk-1', { key: ALFA.key });
    edge.core.redirect = status;
    for (const [path, init] of [
      [ISSUE, KEYLESS],
      ['/v1/quotes/osago?kbm=8', {}],
    ] as const) {
      const answer = await edge.get(path, { ...init });
      expect([answer.status, answer.headers.get('location'), await slugOf(answer)]).toEqual([
        503,
        null,
        'core-unavailable',
      ]);
    }
    expect(edge.logged.filter(({ message }) => message === 'core cannot be used')).toHaveLength(2);
  });

  it('a core that does not believe the hop is a fault of ours, not the caller’s 401', async () => {
    const edge = createTestEdge({ env: { HOP_KEY: 'b'.repeat(43) } });
    expect((await edge.get('/v1/quotes/osago')).status).toBe(503);
    expect((await edge.get(ISSUE, { ...KEYLESS })).status).toBe(503);
  });

  it('D5 gslb says no when core says so, drained or without its database, and counts no call as failed; sales go on', async () => {
    const edge = await warmEdge();
    edge.mishaps.push(status(503));
    expect((await edge.get('/healthz/gslb')).status).toBe(503);
    expect(edge.logged.map(({ message }) => message)).not.toContain('core cannot be used');
    expect([countOf(edge, 'core-unavailable'), circuitTurns(edge)]).toEqual([0, []]);
    expect((await edge.get(ISSUE, { ...KEYED })).status).toBe(201);
  });

  it('R8 gslb says that this region cannot commit while core cannot, asked at most once a second', async () => {
    const edge = createTestEdge();
    expect((await edge.get('/healthz/gslb')).status).toBe(200);
    edge.weather.core = 'dead';
    expect((await edge.get('/healthz/gslb')).status).toBe(200);
    edge.clock.advance(1_000);
    const answer = await edge.get('/healthz/gslb');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'failing', checks: { core: 'failing' } }]);
    expect((await edge.get('/healthz/live')).status).toBe(200);
    expect((await edge.get('/healthz/ready')).status).toBe(200);
  });
});

/** Sales that fail until the circuit opens. */
async function failSales(edge: TestEdge): Promise<void> {
  for (let failure = 0; failure < 5; failure += 1) {
    await edge.get(ISSUE, { ...KEYLESS });
    edge.clock.advance(100);
  }
  edge.clock.advance(-100);
}
const circuitTurns = (edge: TestEdge) => edge.observed.flatMap((seen) => (seen.kind === 'core-circuit' ? seen.to : []));

describe('more calls than core is given at once', () => {
  const quote = (kbm: number) => `/v1/quotes/osago?kbm=${kbm}`;

  /** An edge of one place, which a quote holds until the gate opens. */
  async function busyEdge() {
    const edge = await warmEdge({ CORE_CONCURRENCY: '1', ANONYMOUS_LIMIT_PER_SECOND: '1000' });
    const { promise, resolve: open } = Promise.withResolvers<void>();
    edge.core.gate = promise;
    const holder = edge.get(quote(0));
    await expect.poll(() => edge.core.callsTo(quote(0)).length).toBe(1);
    const waiting = (lane: Lane, count: number) => expect.poll(() => edge.queue.waiting(lane)).toBe(count);
    return { edge, holder, open, waiting };
  }

  it('wait: a sale, though it came last, goes first, then readers, in their order', async () => {
    const { edge, holder, open, waiting } = await busyEdge();
    const readers = [];
    for (const kbm of [1, 2]) {
      readers.push(edge.get(quote(kbm)));
      await waiting('read', kbm);
    }
    const sale = edge.get(ISSUE, { ...KEYED });
    await waiting('purchase', 1);
    open();
    expect(statuses(await Promise.all([holder, ...readers, sale]))).toEqual({ 200: 3, 201: 1 });
    const order = edge.core.seen.map(({ target }) => target);
    expect(order).toEqual([quote(0), ISSUE, quote(1), quote(2)]);
  });

  it('and more than may wait are 503 with Retry-After at once, but never a sale for a read', async () => {
    const { edge, holder, open, waiting } = await busyEdge();
    // Of quotes fewer would be let in (quotes/room.ts).
    const read = () => edge.get('/v1/policies', { key: ALFA.key });
    const readers = Array.from({ length: 4 }, read);
    await waiting('read', 4);
    const refused = await read();
    expect([refused.status, refused.headers.get('retry-after'), await slugOf(refused)]).toEqual([
      503,
      '2',
      'core-unavailable',
    ]);
    const sale = edge.get(ISSUE, { ...KEYED });
    await waiting('purchase', 1);
    open();
    expect(statuses(await Promise.all([holder, ...readers, sale]))).toEqual({ 200: 4, 201: 1, 503: 1 });
    const outcomes = edge.observed.flatMap((seen) => (seen.kind === 'core-call' ? `${seen.lane} ${seen.outcome}` : []));
    expect(outcomes.filter((outcome) => outcome === 'read queue-full')).toHaveLength(2);
    // None is logged one by one: of these there may be thousands in a second.
    expect(edge.logged.filter(({ message }) => message === 'core cannot be used')).toEqual([]);
  });

  it('a client that leaves while its call waits takes it along: core never sees it', async () => {
    const { edge, holder, open, waiting } = await busyEdge();
    const leaving = new AbortController();
    const left = edge.get(ISSUE, { ...KEYED, signal: leaving.signal });
    const reader = edge.get('/v1/policies/msk-7', { key: ALFA.key });
    await waiting('purchase', 1);
    await waiting('read', 1);
    leaving.abort();
    expect((await left).status).toBe(503);
    open();
    expect(statuses(await Promise.all([holder, reader]))).toEqual({ 200: 2 });
    expect(edge.core.callsTo(ISSUE).filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('a partner that is not known yet is asked about before quotes, so that its sale is not kept waiting', async () => {
    const { edge, holder, open, waiting } = await busyEdge();
    const readers = [1, 2].map((kbm) => edge.get(quote(kbm)));
    await waiting('read', 2);
    const sale = edge.get(ISSUE, { ...KEYED, key: BETA.key });
    await waiting('partner', 1);
    // The quote that is let in next waits until the sale's key is looked at: how long that takes is nobody's order.
    const next = Promise.withResolvers<void>();
    edge.core.gate = next.promise;
    open();
    await waiting('purchase', 1);
    next.resolve();
    await Promise.all([holder, ...readers, sale]);
    const order = edge.core.seen.map(({ target }) => target);
    expect(order).toEqual([quote(0), '/internal/partners/beta', quote(1), ISSUE, quote(2)]);
  });
});
