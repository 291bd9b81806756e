import type { BenchContext, Figure } from '../bench.ts';
import { ROUNDS } from '../rounds.ts';
import { asFigure } from './figures.ts';
import { anyTarget } from './quotes.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Stand } from './stand.ts';
import { RUNTIMES, type Runtime } from './start-edge.ts';

const LIMIT = 1_000;
const SECONDS = 4;
const DELAY_MS = 1;

/** Calls to the store for 1,000 requests that are admitted, of a partner that asks as often as it may. */
export async function storeCalls(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  const key = await stand.core.addPartner('thousand', LIMIT);
  const { rounds = ROUNDS } = ctx;
  const figures: Figure[] = [];
  for (const runtime of RUNTIMES) {
    await using edge = await stand.edge(runtime);
    const question = { url: `${edge.url}${anyTarget()}`, key };
    const values: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      ctx.say(`store calls on ${runtime}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}`);
      await stand.store.order(DELAY_MS);
      const { statuses } = await runArrivals(question, { perSecond: LIMIT, seconds: SECONDS, signal: ctx.signal });
      const calls = await stand.store.order(0);
      const admitted = statuses['200'] ?? 0;
      requireAdmitted(runtime, statuses);
      if (round > 0) values.push((1_000 * calls) / admitted);
    }
    figures.push(asFigure(`store calls for 1,000 admitted, 1,000 a second, ${runtime}`, 'calls', values));
  }
  return figures;
}

/** The gate: no second has more than its limit, and most is admitted: requests that come late fall into a second already full. */
function requireAdmitted(runtime: Runtime, statuses: Readonly<Record<string, number>>): void {
  const { 200: admitted = 0, 429: refused = 0, ...others } = statuses;
  const most = LIMIT * (SECONDS + 1);
  if (Object.keys(others).length > 0 || admitted > most || admitted < refused) {
    throw new Error(`The edge on ${runtime} answered ${JSON.stringify(statuses)} at its partner's limit`);
  }
}
