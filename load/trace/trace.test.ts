import { expect, test } from 'vitest';
import { faultsOf } from './faults-of.ts';
import { findSources } from './find-sources.ts';
import { testLines, traceLines } from './lines.ts';
import { readNames } from './read-names.ts';
import type { State, TestRecord } from './record.ts';
import { REQUIREMENTS } from './requirements.ts';
import { type Source, trace } from './trace.ts';

const R1 = { number: 'R1', what: 'available', figure: '99.9 %', shownBy: 'npm run drill -- failover' };
const S1 = { number: 'S1', what: 'regions' };

const source = (path: string, text: string): Source => ({
  path,
  isShared: !path.endsWith('.test.ts'),
  names: readNames(text),
});

/** A run of one file: names of groups and test joined by " > ". */
const ran = (path: string, ends: Record<string, State>, broken?: string): TestRecord => ({
  files: {
    [path]: {
      at: '2026-11-27T18:53:00.000Z',
      commit: 'c1cb14e',
      tests: Object.entries(ends).map(([name, state]) => ({ names: name.split(' > '), state })),
      ...(broken !== undefined && { broken }),
    },
  },
});
const nothing: TestRecord = { files: {} };

/** Number and how its tests ended. */
const ends = (sources: Source[], record: TestRecord) =>
  trace([R1, S1], { sources, record }).rows.map(
    ({ requirement, tests }) => `${requirement.number}: ${tests.map(({ state }) => state).join(', ')}`,
  );
const faults = (sources: Source[], record: TestRecord, mustPass = false) =>
  faultsOf(trace([R1, S1], { sources, record }), { mustPass });

const both = source('a.test.ts', `describe('S1 regions', () => { it('R1 one', f); it.each(x)('%s too', f); });`);

test('D14 every requirement has a test named after it, and no test is named after what is none', async () => {
  const found = trace(REQUIREMENTS, { sources: await findSources('.'), record: nothing });
  expect(faultsOf(found, { mustPass: false })).toEqual([]);
});

test('D14 a requirement without a test is a fault, and so is a number of nothing', () => {
  expect(faults([source('a.test.ts', `it('R1 one', f); it('R99 what', f)`)], nothing)).toEqual([
    'S1 has no test: regions',
    'a.test.ts:1 "R99 what" begins with R99, which is no requirement',
  ]);
});

test('D14 a test counts under its own numbers and those of its groups, each value of it once', () => {
  const record = ran('a.test.ts', {
    'S1 regions > R1 one': 'passed',
    'S1 regions > this too': 'passed',
    'S1 regions > that too': 'failed',
  });
  expect(ends([both], record)).toEqual(['R1: passed', 'S1: passed, passed, failed']);
  expect(faults([both], record)).toEqual(['S1 failed: a.test.ts "S1 regions > that too"']);
});

test('D14 what did not run, was skipped, or broke with its file is not passed', () => {
  expect(ends([both], nothing)).toEqual(['R1: not run', 'S1: not run, not run']);
  expect(ends([both], ran('a.test.ts', { 'S1 regions > R1 one': 'skipped' }))).toEqual([
    'R1: not run',
    'S1: not run, not run',
  ]);
  expect(ends([both], ran('a.test.ts', {}, 'no such module'))).toEqual(['R1: failed', 'S1: failed, failed']);
  expect(faults([both], nothing)).toEqual([]);
  expect(faults([both], nothing, true)).toEqual([
    'R1 has no test that passed: available',
    'S1 has no test that passed: regions',
  ]);
});

test('D14 the result of a test that is gone says nothing', () => {
  expect(ends([both], ran('a.test.ts', { 'S1 regions > R1 another name': 'passed' }))).toEqual([
    'R1: not run',
    'S1: not run, not run',
  ]);
});

test('D14 a suite that others run counts where it runs', () => {
  const suite = source('b.conformance.ts', `export const suite = () => { it('R1 holds', f); };`);
  const user = source('a.test.ts', `describe('S1 mine', () => suite());`);
  expect(ends([user, suite], nothing)).toEqual(['R1: not run', 'S1: ']);
  expect(ends([user, suite], ran('a.test.ts', { 'S1 mine > R1 holds': 'passed' }))).toEqual([
    'R1: passed',
    'S1: passed',
  ]);
});

test('D14 the table says how many tests each has, how they ended and when; one number lists its tests by file', () => {
  const { rows } = trace([R1, S1], { sources: [both], record: ran('a.test.ts', { 'S1 regions > R1 one': 'passed' }) });
  expect(traceLines(rows)).toEqual([
    'number  what                tests  passed  failed  not run  oldest result',
    'R1      available (99.9 %)      1       1       0        0  2026-11-27 18:53 UTC c1cb14e',
    'S1      regions                 2       1       0        1  2026-11-27 18:53 UTC c1cb14e',
  ]);
  expect(rows.slice(0, 1).flatMap(testLines)).toEqual([
    'R1: available (99.9 %)',
    'a.test.ts  2026-11-27 18:53 UTC c1cb14e',
    '  passed   S1 regions > R1 one',
    'At length: npm run drill -- failover',
  ]);
});
