import type { Outcome } from '../drill.ts';
import type { Wish } from './clients.ts';
import { TOLD_WITHIN_MS, type Watched } from './watch.ts';

/** R1: 99.9 % of a month of 730 hours. */
const MONTH_MS = 43.8 * 60_000;
/** What may be gone of it when a fault is told: what the fast burn of an hour may use, by the SRE workbook. */
const SHARE = 0.02;
/** So long may nobody be served, in all, before it is told. */
export const BUDGET_MS = MONTH_MS * SHARE;

const KINDS: readonly Wish['kind'][] = ['quote', 'sale'];

/** What a fault had cost its region's clients when it was told, as time in which nobody had been served; the worse of both kinds. */
export function lostMs(watched: Watched, { wishes, region }: { wishes: readonly Wish[]; region: string }): number {
  const until = watched.firedAt ?? watched.since + TOLD_WITHIN_MS;
  const inTime = wishes.filter((wish) => wish.region === region && wish.dueAt >= watched.since && wish.dueAt <= until);
  const shares = KINDS.map((kind) => {
    const asked = inTime.filter((wish) => wish.kind === kind);
    return asked.filter(({ isGood }) => !isGood).length / Math.max(1, asked.length);
  });
  return Math.max(...shares) * (until - watched.since);
}

interface Seen {
  readonly watched: readonly Watched[];
  readonly wishes: readonly Wish[];
  /** The one in which the faults were. */
  readonly region: string;
}

/** Every fault fired its alert and only that, in time, and the alert ended. */
export function judge({ watched, wishes, region }: Seen): Outcome {
  const faults = watched.flatMap((each) => judgeOne(each, lostMs(each, { wishes, region })));
  const told = watched.flatMap(({ since, firedAt }) => (firedAt === undefined ? [] : firedAt - since));
  const elsewhere = wishes.filter((wish) => wish.region !== region && !wish.isGood).length;
  return {
    faults: [...faults, ...(elsewhere > 0 ? [`${elsewhere} wishes failed in the other region`] : [])],
    lines: [
      ['fault', 'its alert; told after, resolved after, lost by then (all in s)'],
      ...watched.map((each) => [each.fault, lineOf(each, lostMs(each, { wishes, region }))] as const),
      ['faults; told by their alert and no other', `${watched.length}; ${watched.filter(isAlone).length}`],
      ['slowest to be told, s', told.length > 0 ? seconds(Math.max(...told)) : 'none'],
      ['quotes and sales asked for; failed', `${wishes.length}; ${wishes.filter(({ isGood }) => !isGood).length}`],
    ],
  };
}

const isAlone = ({ firedAt, others }: Watched) => firedAt !== undefined && others.length === 0;

function judgeOne({ fault, alert, since, firedAt, resolvedAfterMs, others }: Watched, lost: number): string[] {
  const after = firedAt === undefined ? Number.POSITIVE_INFINITY : firedAt - since;
  return [
    ...(after > TOLD_WITHIN_MS ? [`${fault}: ${alert} did not fire within ${TOLD_WITHIN_MS / 1_000} s`] : []),
    ...others.map((other) => `${fault}: ${other} fired too`),
    ...(lost > BUDGET_MS
      ? [`${fault}: ${seconds(lost)} s were lost before it was told, more than ${seconds(BUDGET_MS)}`]
      : []),
    ...(resolvedAfterMs === undefined ? [`${fault}: ${alert} did not end when all was well again`] : []),
  ];
}

function lineOf({ alert, since, firedAt, resolvedAfterMs }: Watched, lost: number): string {
  const told = firedAt === undefined ? 'never' : seconds(firedAt - since);
  return `${alert}; ${told}, ${resolvedAfterMs === undefined ? 'never' : seconds(resolvedAfterMs)}, ${seconds(lost)}`;
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);
