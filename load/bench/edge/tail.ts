import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import { type Question, readAnswer } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Stand } from './stand.ts';
import { startBareWorkerd } from './start-bare.ts';
import type { Pair, Servers } from './start-servers.ts';

/**
 * Of a run. At this pace both edge and bare server stop every few seconds to collect their garbage, and those stops are the
 * p99: a run of 4 s has none of them, or two, and tells which.
 */
const SECONDS = 16;
const SHARE = 0.3;

/**
 * The slowest of a hundred at 30 % of what the edge can do on workerd, each request sent when it is due: beside a bare server's
 * at that pace. On Node that is more than one process can ask at an even pace.
 */
export async function tail(
  ctx: BenchContext,
  { stand, servers, most }: { stand: Stand; servers: Servers; most: number },
): Promise<Figure[]> {
  await using unhurried = await startUnhurried(stand, servers.workerd);
  return await measure(ctx, { unhurried, perSecond: Math.round(SHARE * most) });
}

/** Who is asked, and what the edges answer. */
interface Unhurried extends Pick<Pair, 'answer'>, Record<'edge' | 'bare' | 'again', Question>, AsyncDisposable {}

/**
 * An edge, a bare server and a second edge that are never asked more than this, each as often as the others. Who has just been
 * asked as much as it could keeps the heap that it took for that, and stops for as long, until V8 takes it back: of a bare
 * server sooner than of any that reads a header.
 */
async function startUnhurried(
  { signal, folder, bundle, edge: startOn }: Stand,
  { answer, edge: asked }: Pair,
): Promise<Unhurried> {
  await using stack = new AsyncDisposableStack();
  const { pathname, search } = new URL(asked.url);
  const at = ({ url }: { url: string }): Question => ({ url: url + pathname + search, key: asked.key });
  const startEdge = async () => {
    const edge = at(stack.use(await startOn('workerd')));
    await readAnswer(edge);
    return edge;
  };
  const startBare = async () => at(stack.use(await startBareWorkerd({ answer, folder, signal }, bundle)));
  const [edge, bare, again] = [await startEdge(), await startBare(), await startEdge()];
  const owned = stack.move();
  return { answer, edge, bare, again, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function measure(
  ctx: BenchContext,
  { unhurried, perSecond }: { unhurried: Unhurried; perSecond: number },
): Promise<Figure[]> {
  const ask = async (question: Question) => {
    const { statuses, waitedUs } = await runArrivals(question, { perSecond, seconds: SECONDS, signal: ctx.signal });
    if (Object.keys(statuses).join() !== '200') throw new Error(`${question.url} answered ${JSON.stringify(statuses)}`);
    return { p50: percentile(waitedUs, 0.5) / 1_000, p99: percentile(waitedUs, 0.99) / 1_000 };
  };
  const hit = async (question: Question) => {
    await requireHit(question, unhurried.answer);
    return ask(question);
  };
  const states = {
    edge: () => hit(unhurried.edge),
    bare: () => ask(unhurried.bare),
    again: () => hit(unhurried.again),
  };
  // Not counted: a server that was just started has little garbage yet.
  for (const state of Object.values(states)) await state();
  const found = await interleave(ctx, { what: 'workerd at an even pace', rounds: ROUNDS, states });
  const of = (state: keyof typeof states, what: 'p50' | 'p99') => found[state].map((each) => each[what]);
  return [
    asFigure('pace, 30 % of the edge on workerd', '1/s', [perSecond]),
    asFigure('p50 at that pace, the edge on workerd', 'ms', of('edge', 'p50')),
    asFigure('p50 at that pace, bare workerd', 'ms', of('bare', 'p50')),
    asFigure('p99 at that pace, the edge on workerd', 'ms', of('edge', 'p99')),
    asFigure('p99 at that pace, bare workerd', 'ms', of('bare', 'p99')),
    ratio('p50: the edge on workerd / bare workerd', of('edge', 'p50'), of('bare', 'p50')),
    ratio('A/A: p50, the edge on workerd / the same again', of('edge', 'p50'), of('again', 'p50')),
    ratio('p99: the edge on workerd / bare workerd', of('edge', 'p99'), of('bare', 'p99')),
    ratio('A/A: p99, the edge on workerd / the same again', of('edge', 'p99'), of('again', 'p99')),
  ];
}
