import { type Asked, isAdmitted } from './asked.ts';
import { ADDRESS_LIMIT, type CallerName, LIMITS, PARTNERS, REGIONS } from './callers.ts';
import { type Compared, checkLatency, compareLatency } from './check/latency.ts';
import { checkLimit, checkServed } from './check/limit.ts';
import { checkOffered } from './check/offered.ts';
import { checkOthers, type Judged, type Quota } from './check/others.ts';
import { checkProbes, checkRetryAfter } from './check/retry-after.ts';
import { type Run, type RunOptions, START, WITH, WITHOUT } from './run-case.ts';
import { OFFENDER_PER_SECOND } from './traffic/streams.ts';

/** What came of a run: everything wrong with it, and what is to be told of it. */
export interface Judgement {
  readonly faults: readonly string[];
  readonly others: Judged;
  readonly latencies: readonly { readonly of: string; readonly compared: Compared }[];
}

/** Whose waiting is compared, each by itself. */
const COMPARED = [
  { caller: 'beta', what: 'quote', of: "beta's quotes" },
  { caller: 'site', what: 'quote', of: "the site's quotes" },
  { caller: 'site', what: 'policy', of: "the site's policies" },
  { caller: 'visitors', what: 'quote', of: "visitors' quotes" },
] as const;

/** All gates on what was asked and answered. The clock is judged where asked for: what runs beside a test proves nothing. */
export function judge(run: Run, { seconds, judgesLatency }: RunOptions & { judgesLatency: boolean }): Judgement {
  const { offender, others, incident } = run;
  const everything = [...offender.asked, ...others.asked];
  const served = offender.asked.filter((one) => isIn(WITH, one) && isAdmitted(one)).length;
  const judged = checkOthers(
    others.asked.filter(({ caller }) => caller !== 'gamma'),
    { incident, quota: quotaOf(run, judgesLatency ? 0 : LEFT_OVER) },
  );
  const latencies = COMPARED.map(({ caller, what, of }) => {
    const asked = others.asked.filter((one) => one.caller === caller && one.what === what);
    return { of, compared: compareLatency({ withOffender: slicesOf(asked, WITH), without: slicesOf(asked, WITHOUT) }) };
  });
  return {
    others: judged,
    latencies,
    faults: [
      ...PARTNERS.flatMap((caller) =>
        checkLimit(admittedOf(everything, caller), { caller, perSecond: LIMITS[caller] }),
      ),
      ...checkServed(served, { caller: 'alfa', perSecond: LIMITS.alfa, seconds }),
      ...checkOffered(
        offender.asked.filter((one) => isIn(WITH, one)),
        { perSecond: OFFENDER_PER_SECOND, seconds },
      ),
      ...checkRetryAfter(everything),
      ...checkProbes(others.probes),
      ...judged.faults,
      ...(judgesLatency ? [...checkBunched(judged), ...checkStore(run)] : []),
      ...(judgesLatency ? latencies.flatMap(({ of, compared }) => checkLatency(of, compared)) : []),
    ],
  };
}

/** What was let in of a caller. */
export const admittedOf = (asked: readonly Asked[], caller: CallerName): Asked[] =>
  asked.filter((one) => one.caller === caller && isAdmitted(one));

/**
 * A region's share of the limit by itself, or all of it for all regions together, less what one of them may keep of it where
 * the pace is not even. Of a shared pool whose store was given
 * up nothing is certain: regions went over to their shares, and leases whose answer came too late are lost.
 */
function quotaOf({ pool, storeFailures, incident }: Run, leftOver: number): Quota {
  const { dead, sharesMovedBy = Number.POSITIVE_INFINITY } = incident;
  return ({ caller, region, sentAt }) => {
    const limit = caller === 'visitors' ? ADDRESS_LIMIT : LIMITS[caller];
    if (pool === 'shared') return { perSecond: storeFailures === 0 ? limit - leftOver : 0, among: () => true };
    const isWhole = dead !== undefined && sentAt >= sharesMovedBy;
    return { perSecond: isWhole ? limit : limit / REGIONS.length, among: (other) => other.region === region };
  };
}

/** Tokens of a second that an edge may keep: fetched for requests that came too late for it. */
const LEFT_OVER = 2;

/** On a quiet machine an even pace comes through as one, once everything is warm. */
function checkBunched({ bunched }: Judged): string[] {
  const { length } = bunched.filter(({ slice }) => slice !== START);
  return length === 0 ? [] : [`${length} times others were answered 429 for requests that came late and in a bunch`];
}

/** An edge that is short of time takes its store for slow. */
const checkStore = ({ trouble, storeFailures }: Run): string[] =>
  storeFailures === 0 || trouble?.startsWith('upstash')
    ? []
    : [`a store that was well was given up ${storeFailures} times`];

const isIn = (kind: string, { slice }: Asked) => slice.startsWith(`${kind} `);

/** Latencies from when a request was due, slice by slice. */
function slicesOf(asked: readonly Asked[], kind: string): number[][] {
  const slices = Map.groupBy(
    asked.filter((one) => isIn(kind, one)),
    ({ slice }) => slice,
  );
  return [...slices.values()].map((slice) => slice.map(({ dueAt, answeredAt }) => answeredAt - dueAt));
}
