import { describe, expect, it } from 'vitest';
import { collectSpans } from '#platform/tracing/collect-spans.testing.ts';
import { createTestEdge, statuses, type TestEdge } from '../edge.testing.ts';
import { ALFA, SITE } from '../fake-core.testing.ts';

/** As few as are always let in. */
const PLACES = 6;
const QUOTE = '/v1/quotes/osago?kbm=';
const KNOWN = `${QUOTE}3`;

type Options = Parameters<typeof createTestEdge>[0];

/** An edge whose core answers nothing for now, with as many quotes under way as there may be. */
async function crowded(options: Options = {}) {
  const edge = createTestEdge({ ...options, env: { CORE_CONCURRENCY: String(PLACES), ...options?.env } });
  expect((await edge.get(KNOWN, { key: SITE.key })).status).toBe(200);
  expect((await edge.get('/v1/policies', { key: ALFA.key })).status).toBe(200);
  const { promise, resolve } = Promise.withResolvers<void>();
  edge.core.gate = promise;
  const crowd = Array.from({ length: PLACES }, (_, n) => edge.get(`${QUOTE}9&n=${n}`, { key: SITE.key }));
  await turns();
  edge.observed.length = 0;
  edge.logged.length = 0;
  return { ...edge, crowd, open: resolve };
}

/** Whatever is not waiting for core is done. */
const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
};

const all = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name !== 'server-timing' && name !== 'x-request-id'));
const shedHere = ({ logged }: Pick<TestEdge, 'logged'>) => logged.filter(({ message }) => message.includes('refused'));

describe('a crowd of quotes', () => {
  it('is refused at once beyond those that are let in, and core hears nothing of it', async () => {
    const edge = await crowded();
    const calls = edge.core.seen.length;
    const more = await Promise.all(
      Array.from({ length: 100 }, (_, n) => edge.get(`${QUOTE}8&n=${n}`, { key: SITE.key })),
    );
    expect(statuses(more)).toEqual({ 503: 100 });
    for (const { headers } of more) expect(headers.get('retry-after')).toBe('2');
    expect(edge.core.seen.length).toBe(calls);
    const counted = (kind: string) => edge.observed.filter((seen) => seen.kind === kind);
    expect(counted('core-call')).toEqual(Array(100).fill({ kind: 'core-call', lane: 'read', outcome: 'queue-full' }));
    expect(counted('request').length).toBe(100);
    // One line for all, not one each.
    expect(edge.logged).toEqual([{ message: expect.stringContaining('refused'), fields: { refused: 1 } }]);
    edge.open();
    expect(statuses(await Promise.all(edge.crowd))).toEqual({ 200: PLACES });
    expect((await edge.get(`${QUOTE}7`, { key: SITE.key })).status).toBe(200);
  });

  it('sells meanwhile, answers what is here, and lets others share what is under way', async () => {
    const edge = await crowded();
    expect((await edge.get(KNOWN, { key: SITE.key })).status).toBe(200);
    // Stale, so the router’s.
    edge.clock.advance(40_000);
    expect((await edge.get(KNOWN, { key: SITE.key })).status).toBe(200);
    const shared = edge.get(`${QUOTE}9&n=0`, { key: SITE.key });
    const sale = edge.get('/v1/policies', {
      method: 'POST',
      key: SITE.key,
      body: '{"offer":"t"}',
      headers: { 'idempotency-key': 'key-00001', 'content-type': 'application/json' },
    });
    await turns();
    edge.open();
    expect([(await sale).status, (await shared).status]).toEqual([201, 200]);
  });

  it('is told what the router tells, header by header', async () => {
    const edge = await crowded();
    const early = await edge.get(`${QUOTE}8`, { key: SITE.key });
    expect(shedHere(edge)).toHaveLength(1);
    // In these words it is the router’s.
    const late = await edge.get(`${QUOTE}8`, { headers: { authorization: `bearer ${SITE.key}` } });
    expect(shedHere(edge)).toHaveLength(1);
    expect([early.status, late.status]).toEqual([503, 503]);
    const withoutTrace = async (answer: Response) => ({ ...((await answer.json()) as object), traceId: 'its own' });
    expect(await withoutTrace(early)).toEqual(await withoutTrace(late));
    const { ratelimit: left, ...said } = all(early);
    const { ratelimit: leftLater, ...saidLater } = all(late);
    expect(said).toEqual(saidLater);
    const free = 1_000 - PLACES - 1;
    expect([left, leftLater]).toEqual([`"partner";r=${free};t=1`, `"partner";r=${free - 1};t=1`]);
  });

  it.each<[string, string, Parameters<TestEdge['get']>[1], number]>([
    ['without a key', `${QUOTE}8`, {}, 503],
    ['with a key that is not good', `${QUOTE}8`, { key: `ik_site_${'A'.repeat(43)}` }, 401],
    ['with a key in the address', `${QUOTE}8&key=${SITE.key}`, { key: SITE.key }, 400],
    ['that is too long', `${QUOTE}8&n=${'1'.repeat(2_000)}`, { key: SITE.key }, 400],
    ['of no route', '/v1/quotes/OSAGO?kbm=8', { key: SITE.key }, 404],
    ['of another method', `${QUOTE}8`, { key: SITE.key, method: 'POST' }, 405],
  ])('%s is the router’s', async (_what, path, init, status) => {
    const edge = await crowded();
    expect((await edge.get(path, init)).status).toBe(status);
    expect(shedHere(edge)).toEqual([]);
  });

  it('takes nothing of the limit: what was not answered is not counted', async () => {
    const edge = await crowded();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => edge.get(`${QUOTE}8&n=${n}`, { key: ALFA.key })),
    );
    expect(statuses(answers)).toEqual({ 503: 30 });
    // One of its 20 was used before.
    expect(answers.at(-1)?.headers.get('ratelimit')).toBe('"partner";r=19;t=1');
  });

  it('is recorded, each in its own trace', async () => {
    const tracer = collectSpans();
    const edge = await crowded({ tracer });
    tracer.spans.length = 0;
    expect((await edge.get(`${QUOTE}8`, { key: SITE.key })).status).toBe(503);
    expect(tracer.spans).toHaveLength(1);
  });
});
