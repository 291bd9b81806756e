import type { BenchContext, Figure } from '../bench.ts';
import { changePercent } from '../change-percent.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { median } from '../median.ts';
import { betweenSlots } from './between-slots.ts';
import type { Stand } from './stand.ts';

/** Each of the ten hangs once. */
const ROUNDS = 10;
/** What a hanging insurer is given up after: TIMEOUT_MS of `aggregator/insurers/open-line.ts`. */
const TIMEOUT_MS = 20_000;

/** How often the other nine are polled in each state of a round, while one hangs; a single poll is all noise. */
const POLLS_OF_NINE = 12;

/** ms; the nine are without the insurer whose turn it is to hang, also while it does not. */
interface Polled {
  /** Of the ten at once. */
  readonly allMs: number;
  /** Of the slowest of nine polled at once, the median of the times they were. */
  readonly slowestMs: number;
  /** Of all polls of the nine. */
  readonly medianMs: number;
}

/** A forced poll of all ten insurers at once, while one of them hangs and while none does. */
export async function oneHangs(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  const turnOf = (round: number) => stand.insurers[round % stand.insurers.length] ?? '';
  const healthy = (round: number) => measure(ctx, stand, { turn: turnOf(round), hangs: false });
  const found = await interleave(ctx, {
    what: 'ten insurers polled at once',
    rounds: ROUNDS,
    states: {
      healthy,
      again: healthy,
      hanging: (round) => measure(ctx, stand, { turn: turnOf(round), hangs: true }),
    },
  });
  const { figure } = measured({ gate: 'nine are good; the one that hangs is given up after its time, and good else' });
  const values = (state: keyof typeof found, of: keyof Polled) => found[state].map((polled) => polled[of]);
  const ms = (what: string, state: keyof typeof found, of: keyof Polled) =>
    figure(`ten polled at once, ${what}`, 'ms', values(state, of));
  const change = (what: string, of: keyof Polled) => {
    const control = `A/A: ${what}: healthy against healthy`;
    const percent = (state: keyof typeof found) => changePercent(values('healthy', of), values(state, of));
    return [
      { ...figure(`${what}: one hangs against healthy`, '%', percent('hanging')), control },
      figure(control, '%', percent('again')),
    ];
  };
  return [
    ms('all healthy: until the last', 'healthy', 'allMs'),
    ms('one hangs: until the last', 'hanging', 'allMs'),
    figure(
      'one hangs: until the last / the timeout of one',
      'ratio',
      values('hanging', 'allMs').map((all) => all / TIMEOUT_MS),
    ),
    ms('all healthy: slowest of the other nine', 'healthy', 'slowestMs'),
    ms('one hangs: slowest of the other nine', 'hanging', 'slowestMs'),
    ...change('slowest of nine', 'slowestMs'),
    ms('all healthy: median of the other nine', 'healthy', 'medianMs'),
    ms('one hangs: median of the other nine', 'hanging', 'medianMs'),
    ...change('median of nine', 'medianMs'),
  ];
}

async function measure(ctx: BenchContext, stand: Stand, state: { turn: string; hangs: boolean }): Promise<Polled> {
  await betweenSlots(ctx);
  const nine = stand.insurers.filter((id) => id !== state.turn);
  // Each state begins alike: connections are open, and no failure stands to the account of a breaker.
  await pollAtOnce(stand, stand.insurers);
  try {
    if (state.hangs) await stand.control(`PUT ${state.turn}/fault`, { fault: 'hang' });
    const startedAt = performance.now();
    let isHanging = state.hangs;
    const turn = pollOfTurn(stand, state).finally(() => {
      isHanging = false;
    });
    const [times] = await Promise.all([pollAgain(stand, nine, () => !state.hangs || isHanging), turn]);
    const allMs = Math.max((await turn).endedAt - startedAt, ...(times[0] ?? []));
    return { allMs, slowestMs: median(times.map((each) => Math.max(...each))), medianMs: median(times.flat()) };
  } finally {
    if (state.hangs) await stand.control(`DELETE ${state.turn}/fault`);
  }
}

/** The gate of the one: good while it does not hang, else given up for its time. */
async function pollOfTurn(stand: Stand, { turn, hangs }: { turn: string; hangs: boolean }) {
  const { status, reason = '' } = await stand.poll(turn);
  const isRight = hangs ? status === 'failed' && /timed out/i.test(reason) : status === 'good';
  if (!isRight) throw new Error(`The poll of ${turn}${hangs ? ', which hung,' : ''} was ${status} ${reason}`);
  return { endedAt: performance.now() };
}

/** Polls the insurers at once, again and again while that means something; of each time what each took, ms. */
async function pollAgain(stand: Stand, ids: readonly string[], goesOn: () => boolean): Promise<number[][]> {
  const times = [await pollAtOnce(stand, ids)];
  while (times.length < POLLS_OF_NINE) {
    const each = await pollAtOnce(stand, ids);
    // Its last poll may have outlived the hanging one's.
    if (!goesOn()) break;
    times.push(each);
  }
  return times;
}

/** The gate of the others: each is good. */
function pollAtOnce(stand: Stand, ids: readonly string[]): Promise<number[]> {
  const polls = ids.map(async (id) => {
    const { status, reason = '', ms } = await stand.poll(id);
    if (status !== 'good') throw new Error(`The poll of ${id}, which does not hang, was ${status} ${reason}`);
    return ms;
  });
  return Promise.all(polls);
}
