import { table } from '../../local/print-table.ts';
import type { FileRecord } from './record.ts';
import type { Traced, TracedTest } from './trace.ts';

const HEAD = ['number', 'what', 'tests', 'passed', 'failed', 'not run', 'oldest result'];
const NONE = 'none on record';

/** All requirements as lines of a table: how many tests each has, and how they ended last. */
export function traceLines(rows: readonly Traced[]): string[] {
  const lines = rows.map(({ requirement: { number, what, figure }, tests }) => [
    number,
    figure === undefined ? what : `${what} (${figure})`,
    ...[tests.length, ...(['passed', 'failed', 'not run'] as const).map((state) => countOf(tests, state))].map(String),
    oldestOf(tests),
  ]);
  return table([HEAD, ...lines], ['number', 'what', 'oldest result']);
}

/** A requirement with each of its tests by file. */
export function testLines({ requirement: { number, what, figure, shownBy }, tests }: Traced): string[] {
  const files = Object.entries(Object.groupBy(tests, ({ path }) => path));
  return [
    `${number}: ${what}${figure === undefined ? '' : ` (${figure})`}`,
    ...files.flatMap(([path, of = []]) => [
      `${path}  ${whenOf(of.find(({ run }) => run)?.run)}`,
      ...of.map(({ state, name }) => `  ${state.padEnd(7)}  ${name}`),
    ]),
    ...(shownBy === undefined ? [] : [`At length: ${shownBy}`]),
  ];
}

const countOf = (tests: readonly TracedTest[], state: TracedTest['state']) =>
  tests.filter((test) => test.state === state).length;

function oldestOf(tests: readonly TracedTest[]): string {
  const runs = tests.flatMap(({ run }) => run ?? []).toSorted((one, other) => one.at.localeCompare(other.at));
  return whenOf(runs[0]);
}

function whenOf(run?: FileRecord): string {
  if (!run) return NONE;
  const { at, commit, changed } = run;
  return `${at.slice(0, 16).replace('T', ' ')} UTC${commit ? ` ${commit}` : ''}${changed ? ' with changes' : ''}`;
}
