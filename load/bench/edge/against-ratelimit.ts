import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import { requireHit } from './require-hit.ts';
import { requireSame } from './require-same.ts';
import { runWrk } from './run-wrk.ts';
import { HIGHEST_LIMIT, type Stand } from './stand.ts';
import { startLimited } from './start-limited.ts';
import type { Servers } from './start-servers.ts';

const SECONDS = 3;
const DELAY_MS = 1;

/** The edge on Node with a store at 1 ms, beside @upstash/ratelimit with the same store, asked for each request. */
export async function againstRatelimit(
  ctx: BenchContext,
  { stand, servers }: { stand: Stand; servers: Servers },
): Promise<Figure[]> {
  const { edge, answer } = servers.node;
  await using limited = await startLimited(stand, { answer, limit: HIGHEST_LIMIT });
  await requireSame({ ...edge, url: limited.url }, answer, { but: 'ratelimit' });
  const run = { seconds: SECONDS, signal: ctx.signal };
  const perRequest = async () => {
    await stand.store.order(DELAY_MS);
    const found = await runWrk({ ...limited, key: edge.key }, run);
    // Its client sends together what is asked for in one turn of the event loop.
    return { ...found, calls: (1_000 * (await stand.store.order(DELAY_MS))) / (found.perSecond * SECONDS) };
  };
  const leased = async () => {
    await stand.store.order(DELAY_MS);
    await requireHit(edge, answer);
    const found = await runWrk(edge, run);
    return { ...found, calls: (1_000 * (await stand.store.order(DELAY_MS))) / (found.perSecond * SECONDS) };
  };
  ctx.say('@upstash/ratelimit: warming up');
  for (const state of [leased, perRequest]) await state();
  const states = { leased, perRequest, leasedAgain: leased };
  const found = await interleave(ctx, { what: '@upstash/ratelimit', rounds: ROUNDS, states });
  await stand.store.order(0);
  const [edges, peers, again] = [found.leased, found.perRequest, found.leasedAgain].map((each) =>
    each.map(({ perSecond }) => perSecond),
  ) as [number[], number[], number[]];
  return [
    asFigure('cached quotes, the edge on Node, store at 1 ms', '1/s', edges),
    asFigure('the same bytes behind @upstash/ratelimit, store at 1 ms', '1/s', peers),
    asFigure(
      'calls of the edge for 1,000 requests',
      'calls',
      found.leased.map(({ calls }) => calls),
    ),
    asFigure(
      'calls of @upstash/ratelimit for 1,000 requests',
      'calls',
      found.perRequest.map(({ calls }) => calls),
    ),
    ratio('the edge / @upstash/ratelimit', edges, peers),
    ratio('A/A: the edge with a store at 1 ms / the same again', edges, again),
  ];
}
