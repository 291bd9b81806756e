import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { ROUNDS } from '../rounds.ts';
import { asFigure } from './figures.ts';
import { anyTarget } from './quotes.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Stand } from './stand.ts';
import { RUNTIMES, type Runtime } from './start-edge.ts';

const LIMIT = 20;
const SECONDS = 6;
const DELAY_MS = 50;

/** What a store 50 ms away adds to an admitted request of a partner that asks as often as it may, 20 times a second. */
export async function farStore(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  const key = await stand.core.addPartner('twenty', LIMIT);
  await stand.store.order(DELAY_MS);
  const figures: Figure[] = [];
  for (const runtime of RUNTIMES) figures.push(...(await measure(ctx, { stand, runtime, key })));
  await stand.store.order(0);
  return figures;
}

async function measure(
  ctx: BenchContext,
  { stand, runtime, key }: { stand: Stand; runtime: Runtime; key: string },
): Promise<Figure[]> {
  await using far = await stand.edge(runtime);
  await using none = await stand.edge(runtime, { alone: true });
  const target = anyTarget();
  const ask = async ({ url }: { url: string }) => {
    const question = { url: `${url}${target}`, key };
    const { statuses, waitedUs } = await runArrivals(question, {
      perSecond: LIMIT,
      seconds: SECONDS,
      signal: ctx.signal,
    });
    const { 200: admitted = 0, 429: refused = 0, ...others } = statuses;
    if (Object.keys(others).length > 0) throw new Error(`The edge on ${runtime} answered ${JSON.stringify(statuses)}`);
    return { p50: percentile(waitedUs, 0.5) / 1_000, admitted: admitted / (admitted + refused) };
  };
  const states = { far: () => ask(far), none: () => ask(none), noneAgain: () => ask(none) };
  for (const state of [states.far, states.none]) await state();
  const found = await interleave(ctx, { what: `a store ${DELAY_MS} ms away, ${runtime}`, rounds: ROUNDS, states });
  const p50 = (state: keyof typeof states) => found[state].map((each) => each.p50);
  const more = (than: readonly number[], values: readonly number[]) =>
    values.map((value, at) => value - (than[at] ?? NaN));
  return [
    asFigure(`p50 at 20 a second, no store, ${runtime}`, 'ms', p50('none')),
    asFigure(`p50 that a store 50 ms away adds, ${runtime}`, 'ms', more(p50('none'), p50('far'))),
    asFigure(`A/A: p50 without a store, less the same again, ${runtime}`, 'ms', more(p50('noneAgain'), p50('none'))),
    asFigure(
      `of 20 a second are admitted, ${runtime}`,
      '%',
      found.far.map(({ admitted }) => 100 * admitted),
    ),
  ];
}
