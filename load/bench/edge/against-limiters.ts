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
import { startNginx } from './start-nginx.ts';
import type { Servers } from './start-servers.ts';

const SECONDS = 3;
/** What is small enough to be exceeded, requests a second. */
const LITTLE = 100;

/** The edge on Node beside what somebody would put in front of an app in its place: hono-rate-limiter in memory, and nginx. */
export async function againstLimiters(
  ctx: BenchContext,
  { stand, servers }: { stand: Stand; servers: Servers },
): Promise<Figure[]> {
  const { edge, answer } = servers.node;
  const { origin } = servers;
  const { folder, signal } = stand;
  const start = {
    hono: (limit: number) => startHonoLimited(stand, { answer, limit, counts: 'memory' }),
    nginx: (limit: number) => startNginx({ origin, folder, limit, signal }),
  };
  for (const limited of Object.values(start)) {
    await using little = await limited(LITTLE);
    await requireRefusals({ ...little, url: targetAt(little.url, edge), key: edge.key }, { limit: LITTLE, signal });
  }
  await using hono = await start.hono(HIGHEST_LIMIT);
  await using nginx = await start.nginx(HIGHEST_LIMIT);
  const at = (served: typeof hono): Target => ({ ...served, url: targetAt(served.url, edge), key: edge.key });
  await requireSame(at(hono), answer, { but: ['ratelimit', 'ratelimit-policy'] });
  await requireSame(at(nginx), answer);
  const run = (target: Target) => runWrk(target, { seconds: SECONDS, signal: ctx.signal });
  const whole = async () => {
    await requireHit(edge, answer);
    return run(edge);
  };
  const states = { edge: whole, again: whole, hono: () => run(at(hono)), nginx: () => run(at(nginx)) };
  ctx.say('limiters: warming up');
  for (const state of Object.values(states)) await state();
  const found = await interleave(ctx, { what: 'limiters', rounds: ROUNDS, states });
  const of = (state: keyof typeof states) => found[state].map(({ perSecond }) => perSecond);
  const control = 'A/A: the edge on Node beside limiters / the same again';
  const gate = 'the same body; each limiter, asked four times as often as it may be, admits no more than its limit';
  const { rate, ratio } = measured({ control, gate });
  return [
    rate('cached quotes, the edge on Node, beside limiters', of('edge')),
    rate('the same bytes behind hono-rate-limiter in memory', of('hono')),
    rate('the same bytes, nginx limit_req and proxy_cache, 1 worker process', of('nginx')),
    ratio('the edge / hono-rate-limiter in memory', of('edge'), of('hono')),
    ratio('the edge on Node / nginx limit_req and proxy_cache', of('edge'), of('nginx')),
    ratio(control, of('edge'), of('again')),
  ];
}

/** The question of the edge, asked of another. */
const targetAt = (base: string, { url }: Target): string => {
  const { pathname, search } = new URL(url);
  return `${base}${pathname}${search}`;
};
