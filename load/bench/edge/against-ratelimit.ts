import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { requireHit } from './require-hit.ts';
import { requireRefusals } from './require-refusals.ts';
import { requireSame } from './require-same.ts';
import { runWrk, type Target } from './run-wrk.ts';
import { HIGHEST_LIMIT, type Stand } from './stand.ts';
import { startHonoLimited } from './start-hono-limited.ts';
import { startLimited } from './start-limited.ts';
import type { Servers } from './start-servers.ts';

const GATE = 'the same body; each limiter, asked four times as often as it may be, admits no more than its limit';
/** Each writes them in its own way. */
const OF_THE_LIMIT = ['ratelimit', 'ratelimit-policy'];

const SECONDS = 3;
const DELAY_MS = 1;
/** What is small enough to be exceeded, requests a second. */
const LITTLE = 100;

/** The edge on Node with a store at 1 ms, beside limiters that ask the same store for each request. */
export async function againstRatelimit(
  ctx: BenchContext,
  { stand, servers }: { stand: Stand; servers: Servers },
): Promise<Figure[]> {
  const { edge, answer } = servers.node;
  const peers = {
    ratelimit: (limit: number) => startLimited(stand, { answer, limit }),
    hono: (limit: number) => startHonoLimited(stand, { answer, limit, counts: 'store' }),
  };
  for (const limited of Object.values(peers)) {
    await using little = await limited(LITTLE);
    await requireRefusals({ ...little, key: `${edge.key}-little` }, { limit: LITTLE, signal: ctx.signal });
  }
  await using ratelimit = await peers.ratelimit(HIGHEST_LIMIT);
  await using hono = await peers.hono(HIGHEST_LIMIT);
  for (const { url } of [ratelimit, hono]) await requireSame({ ...edge, url }, answer, { but: OF_THE_LIMIT });
  const asked = async (target: Target) => {
    await stand.store.order(DELAY_MS);
    const found = await runWrk(target, { seconds: SECONDS, signal: ctx.signal });
    // Their client sends together what is asked for in one turn of the event loop.
    return { ...found, calls: (1_000 * (await stand.store.order(DELAY_MS))) / (found.perSecond * SECONDS) };
  };
  const leased = async () => {
    await stand.store.order(DELAY_MS);
    await requireHit(edge, answer);
    return asked(edge);
  };
  const states = {
    leased,
    ratelimit: () => asked({ ...ratelimit, key: edge.key }),
    hono: () => asked({ ...hono, key: edge.key }),
    again: leased,
  };
  ctx.say('limiters with a store: warming up');
  for (const state of [states.leased, states.ratelimit, states.hono]) await state();
  const found = await interleave(ctx, { what: 'limiters with a store', rounds: ROUNDS, states });
  await stand.store.order(0);
  const of = (state: keyof typeof states, what: 'perSecond' | 'calls') => found[state].map((each) => each[what]);
  const rates = (state: keyof typeof states) => of(state, 'perSecond');
  const control = 'A/A: the edge with a store at 1 ms / the same again';
  const { figure, rate, ratio } = measured({ control, gate: GATE });
  return [
    rate('cached quotes, the edge on Node, store at 1 ms', rates('leased')),
    rate('the same bytes behind @upstash/ratelimit, store at 1 ms', rates('ratelimit')),
    rate('the same bytes behind hono-rate-limiter, store at 1 ms', rates('hono')),
    figure('calls of the edge for 1,000 requests', 'calls', of('leased', 'calls')),
    figure('calls of @upstash/ratelimit for 1,000 requests', 'calls', of('ratelimit', 'calls')),
    figure('calls of hono-rate-limiter for 1,000 requests', 'calls', of('hono', 'calls')),
    ratio('the edge / @upstash/ratelimit', rates('leased'), rates('ratelimit')),
    ratio('the edge / hono-rate-limiter, store at 1 ms', rates('leased'), rates('hono')),
    ratio(control, rates('leased'), rates('again')),
  ];
}
