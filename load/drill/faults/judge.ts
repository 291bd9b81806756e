import { type Admission, checkLimit } from '../noisy-partner/check/limit.ts';
import { FLOODING } from './callers.ts';
import { isGood, type Met } from './met.ts';
import { KINDS, type Kind, type PlaceName, type ToxicName } from './names.ts';
import { BACK_WITHIN_MS, DEADLINES_MS, POLLED_WITHIN_MS, RULES } from './rules.ts';

/** One way that was bad for a while, and all that its region's callers met with. Times by `performance.now()`, or ms. */
export interface Case {
  readonly place: PlaceName;
  readonly toxic: ToxicName;
  readonly mendedAt: number;
  /** From its beginning until all was quiet again. */
  readonly met: readonly Met[];
  /** When the partner that floods was admitted. */
  readonly admitted: readonly Admission[];
  /** From the mending until the ledger had all that was sold; absent: it never had. */
  readonly ledgerAfterMs?: number;
  /** The same, until every insurer was polled well; only where their way was bad. */
  readonly polledAfterMs?: number;
  readonly deaths: readonly string[];
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);

/** A sentence for each way in which a case is not as it shall be. */
export function judge(found: Case): string[] {
  const { place, toxic } = found;
  return [...faultsOf(found)].map((fault) => `${place} ${toxic}: ${fault}`);
}

function* faultsOf(found: Case): Generator<string> {
  for (const kind of KINDS) yield* faultsOfKind(found, kind);
  const within = BACK_WITHIN_MS[found.place];
  const back = backAfterMs(found);
  if (back > within.answers)
    yield `a call failed ${seconds(back)} s after the way was well again, and none shall after ${seconds(within.answers)} s`;
  yield* faultOfTime('the ledger had all that was sold', found.ledgerAfterMs, within.ledger);
  if (found.place === 'aggregator-insurers')
    yield* faultOfTime('every insurer was polled', found.polledAfterMs, POLLED_WITHIN_MS);
  yield* checkLimit(found.admitted, { caller: FLOODING.partner, perSecond: FLOODING.limit });
  yield* found.deaths;
}

function* faultsOfKind({ met, place, toxic }: Case, kind: Kind): Generator<string> {
  const calls = met.filter((one) => one.kind === kind);
  if (calls.length === 0) yield `no ${kind} was asked for`;
  const told = (bad: readonly Met[], what: string) =>
    bad.length > 0 ? [`${bad.length} of ${calls.length} calls of "${kind}" ${what}: ${answersOf(bad)}`] : [];
  const is503 = ({ status }: Met) => status === 503;
  yield* told(
    calls.filter((one) => !isGood(one) && !is503(one)),
    'got neither an answer nor a 503',
  );
  const refused = calls.filter(is503);
  if (RULES[place][toxic][kind] === 'good') yield* told(refused, 'were refused, and none shall be');
  yield* told(
    refused.filter(({ retryAfter }) => !/^[1-9]\d*$/.test(retryAfter ?? '')),
    'were refused without a Retry-After',
  );
  yield* told(
    refused.filter(({ isProblem }) => !isProblem),
    'were refused without problem+json',
  );
  const late = calls.filter(({ ms }) => ms > DEADLINES_MS[kind]);
  yield* told(late, `took longer than ${seconds(DEADLINES_MS[kind])} s`);
}

function* faultOfTime(what: string, ms: number | undefined, withinMs: number): Generator<string> {
  if (ms === undefined) yield `${what}: never, after the way was well again`;
  else if (ms > withinMs)
    yield `${what} ${seconds(ms)} s after the way was well again, and shall within ${seconds(withinMs)}`;
}

/** From the mending until the last call was begun that failed; 0 if none did. */
export function backAfterMs({ met, mendedAt }: Pick<Case, 'met' | 'mendedAt'>): number {
  const failed = met.filter((one) => !isGood(one) && one.startedAt > mendedAt);
  return Math.max(0, ...failed.map(({ startedAt }) => startedAt - mendedAt));
}

/** How often each answer was given: `200 x 14, 503 x 2`. */
export function answersOf(met: readonly Met[]): string {
  const groups = Object.groupBy(met, ({ status, error }) => (status === 0 ? `none (${error})` : String(status)));
  return Object.entries(groups)
    .map(([answer, all]) => `${answer} x ${all?.length}`)
    .join(', ');
}
