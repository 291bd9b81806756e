import type { Trace } from './trace.ts';

/** What is wrong with a trace, as sentences: numbers without a test, tests that failed, names with strange numbers. */
export function faultsOf({ rows, strange }: Trace, { mustPass }: { mustPass: boolean }): string[] {
  const faults = rows.flatMap(({ requirement: { number, what }, tests }) => {
    if (tests.length === 0) return [`${number} has no test: ${what}`];
    const failed = tests.filter(({ state }) => state === 'failed');
    const unproved = mustPass && failed.length === 0 && !tests.some(({ state }) => state === 'passed');
    return [
      ...failed.map(({ path, name }) => `${number} failed: ${path} "${name}"`),
      ...(unproved ? [`${number} has no test that passed: ${what}`] : []),
    ];
  });
  return [...faults, ...strange.map((name) => `${name}, which is no requirement`)];
}
