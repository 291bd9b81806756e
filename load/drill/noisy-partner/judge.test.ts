import { expect, test } from 'vitest';
import type { Asked } from './asked.ts';
import type { CallerName, RegionName } from './callers.ts';
import { judge } from './judge.ts';
import type { Run } from './run-case.ts';

const OPTIONS = { seconds: 2, sliceSeconds: 1, warmSeconds: 1, seed: 1, judgesLatency: true };
const SLICES = ['with 0', 'without 0', 'with 1', 'without 1'];

interface Pace {
  readonly caller: CallerName;
  readonly perSecond: number;
  readonly what?: Asked['what'];
  readonly tookMs?: number;
}

/** An even pace in both regions, half a second after its slice began for one of them, all admitted unless told otherwise. */
function evenly(slice: string, { caller, perSecond, what = 'quote', tookMs = 2 }: Pace): Asked[] {
  const begun = SLICES.indexOf(slice) * 1_000;
  return Array.from({ length: perSecond }, (_, index) => {
    const region: RegionName = index % 2 === 0 ? 'msk' : 'nsk';
    const dueAt = begun + (index * 1_000) / perSecond;
    const times = { dueAt, sentAt: dueAt, answeredAt: dueAt + tookMs };
    return { caller, what, region, slice, status: what === 'policy' ? 201 : 200, tellsLimit: true, ...times };
  });
}

const refuse = (asked: readonly Asked[]) => asked.map((one) => ({ ...one, status: 429, retryAfter: '1' }));
const noisy = (slice: string) => {
  const asked = evenly(slice, { caller: 'alfa', perSecond: 250 });
  return [...asked.slice(0, 20), ...refuse(asked.slice(20))];
};
const others = (slice: string) => [
  ...evenly(slice, { caller: 'beta', perSecond: 19 }),
  ...evenly(slice, { caller: 'site', perSecond: 30 }),
  ...evenly(slice, { caller: 'site', perSecond: 10, what: 'policy', tookMs: 6 }),
  ...evenly(slice, { caller: 'visitors', perSecond: 20 }),
];

/** A run in which all is well, and more besides. */
function runOf({ more = [], ...changes }: Partial<Run> & { more?: readonly Asked[] } = {}): Run {
  const nobody = { wanted: [], acknowledged: [], probes: [] };
  return {
    pool: 'regional',
    incident: {},
    storeFailures: 0,
    offender: { ...nobody, asked: ['with 0', 'with 1'].flatMap(noisy) },
    others: { ...nobody, asked: [...SLICES.flatMap(others), ...more] },
    ...changes,
  };
}
const faultsOf = (run: Run, options = OPTIONS) => judge(run, options).faults;
/** As beta's eleventh of a second in a region is: the tenth of each has been admitted. */
const eleventh = (slice: string) => refuse([...evenly(slice, { caller: 'beta', perSecond: 19 }).slice(-1)])[0] as Asked;

test('D1 R7 a run in which the offender has its limit and nobody else a fault is clean', () => {
  const { faults, latencies } = judge(runOf(), OPTIONS);
  expect(faults).toEqual([]);
  expect(latencies.map(({ of, compared: { ratio } }) => [of, ratio])).toEqual([
    ["beta's quotes", 1],
    ["the site's quotes", 1],
    ["the site's policies", 1],
    ["visitors' quotes", 1],
  ]);
});

test('D1 an offender that is refused more than it should be, or told nothing of when to come back, is a fault of the limiter', () => {
  const run = runOf();
  const starved = refuse(run.offender.asked);
  expect(faultsOf({ ...run, offender: { ...run.offender, asked: starved } })).toEqual([
    expect.stringContaining('alfa was admitted 0 times in 2 s'),
  ]);
  const untold = run.offender.asked.map((one) => (one.status === 429 ? { ...one, retryAfter: null } : one));
  expect(faultsOf({ ...run, offender: { ...run.offender, asked: untold } })).toEqual([
    expect.stringContaining('429 for alfa with Retry-After "none"'),
  ]);
  const probes = [{ region: 'msk', at: 0, retryAfter: '1', status: 429 }] as const;
  expect(faultsOf({ ...run, others: { ...run.others, probes } })).toEqual([
    '1 times gamma waited 1 s as told and was answered 429',
  ]);
});

test('D1 every partner is held to its limit, and what is refused of one who tests Retry-After is no fault', () => {
  const gamma = evenly('with 0', { caller: 'gamma', perSecond: 111 });
  expect(faultsOf(runOf({ more: [...gamma, ...refuse(gamma)] }))).toEqual([
    expect.stringContaining('gamma was admitted 111 times'),
  ]);
});

test('D1 R7 waiting is compared between the slices with and without the offender, where the clock is judged', () => {
  const slow = SLICES.flatMap((slice) =>
    evenly(slice, { caller: 'beta', perSecond: 19, tookMs: slice.startsWith('with ') ? 4 : 2 }),
  );
  const run = runOf();
  const slowed = {
    ...run,
    others: { ...run.others, asked: [...run.others.asked.filter(({ caller }) => caller !== 'beta'), ...slow] },
  };
  expect(faultsOf(slowed)).toEqual([
    expect.stringContaining("p95 of beta's quotes is 4.00 ms with alfa and 2.00 without"),
  ]);
  expect(faultsOf(slowed, { ...OPTIONS, judgesLatency: false })).toEqual([]);
});

test('requests that came in a bunch are a fault where the clock is judged, once all is warm', () => {
  const late = { ...eleventh('with 0'), region: 'msk' } as const;
  expect(faultsOf(runOf({ more: [late] }))).toEqual([
    '1 times others were answered 429 for requests that came late and in a bunch',
  ]);
  expect(faultsOf(runOf({ more: [late] }), { ...OPTIONS, judgesLatency: false })).toEqual([]);
  expect(faultsOf(runOf({ more: [{ ...late, slice: 'start' }] }))).toEqual([]);
});

test('D6 what a second allows is half of the limit in each region, all of it where the share was moved to, or where all share it', () => {
  const late = { ...eleventh('with 0'), region: 'msk' } as const;
  const wrongly = [expect.stringContaining("beta's quote in msk was answered 429")];
  const quiet = { ...OPTIONS, judgesLatency: false };
  const dead = { region: 'nsk', at: -9_000 } as const;
  expect(faultsOf(runOf({ more: [late], incident: { dead, sharesMovedBy: -1_000 } }), quiet)).toEqual(wrongly);
  const later = { dead: { region: 'nsk', at: 5_000 }, sharesMovedBy: 9_000 } as const;
  expect(faultsOf(runOf({ more: [late], incident: later }), quiet)).toEqual([]);
  expect(faultsOf(runOf({ more: [late], pool: 'shared' }))).toEqual(wrongly);
  // Where the pace is not even, an edge may keep two.
  expect(faultsOf(runOf({ more: [late], pool: 'shared' }), quiet)).toEqual([]);
  const alone = { ...late, sentAt: 5_500, answeredAt: 5_502 };
  expect(faultsOf(runOf({ more: [alone], pool: 'shared' }), quiet)).toEqual(wrongly);
  const twentieth = evenly('with 0', { caller: 'beta', perSecond: 19 }).slice(-1);
  expect(faultsOf(runOf({ more: [...twentieth, late], pool: 'shared' }), quiet)).toEqual([]);
  // Without their store nothing is certain.
  expect(faultsOf(runOf({ more: [late], pool: 'shared', storeFailures: 1 }), quiet)).toEqual([]);
});

test('a store given up although nothing was done to it is a fault where the clock is judged', () => {
  const failed = runOf({ storeFailures: 2 });
  expect(faultsOf(failed)).toEqual(['a store that was well was given up 2 times']);
  expect(faultsOf({ ...failed, trouble: 'upstash-slow' })).toEqual([]);
  expect(faultsOf(failed, { ...OPTIONS, judgesLatency: false })).toEqual([]);
});
