import { describe, expect, test } from 'vitest';
import { GOALS } from './goals.ts';
import { reportFigures, requireComplete } from './report.ts';

/** Every figure of the benchmark that has a goal. */
const all = (bench: string, values: readonly number[]) =>
  GOALS.filter((goal) => goal.bench === bench).map(({ figure }) => ({ figure, unit: 'ratio', values }));

describe('reportFigures', () => {
  test('tells a figure with its A/A, its gate, its goal and whether that is held', () => {
    const name = 'with the outbox / without';
    const figures = all('issuing', [1, 2, 3]).map((figure) =>
      figure.figure === name
        ? { ...figure, values: [0.95, 0.96, 0.97], control: 'A/A', gate: 'one event each' }
        : figure,
    );
    const told = reportFigures('issuing', [...figures, { figure: 'A/A', unit: 'ratio', values: [0.99, 1, 1.01] }]);
    expect(told.find(({ figure }) => figure === name)).toEqual({
      figure: name,
      unit: 'ratio',
      repeats: 3,
      median: 0.96,
      min: 0.95,
      max: 0.97,
      control: { figure: 'A/A', unit: 'ratio', repeats: 3, median: 1, min: 0.99, max: 1.01 },
      gate: 'one event each',
      goal: 'at least 0.9',
      verdict: 'held',
    });
  });
});

describe('requireComplete', () => {
  test('lets figures pass that have all goals and every A/A they name', () => {
    const figures = all('issuing', [1]).map((figure) => ({ ...figure, control: 'A/A' }));
    expect(() => requireComplete('issuing', [...figures, { figure: 'A/A', unit: 'ratio', values: [1] }])).not.toThrow();
  });

  test('throws when a goal has no figure', () => {
    const [, ...figures] = all('issuing', [1]);
    expect(() => requireComplete('issuing', figures)).toThrow(
      'There is a goal for what is not measured: 32 connections / pgbench',
    );
  });

  test('throws when a figure names an A/A that is not measured', () => {
    const figures = [{ figure: 'a sale', unit: 'ms', values: [1], control: 'A/A: a sale' }];
    expect(() => requireComplete('sale', figures)).toThrow('The A/A is not measured of a sale (A/A: a sale)');
  });
});
