import { describe, expect, test } from 'vitest';
import { summarise } from './summarise.ts';
import { gatesOf, table } from './table.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('summarise', () => {
  test('tells median, least and most, whatever the order', () => {
    expect(summarise({ figure: 'a sale', unit: 'ms', values: [3, 1, 200] })).toEqual({
      figure: 'a sale',
      unit: 'ms',
      repeats: 3,
      median: 3,
      min: 1,
      max: 200,
    });
    expect(summarise({ figure: 'a sale', unit: 'ms', values: [4, 1, 2, 200] }).median).toBe(3);
  });

  test('tells a 99th percentile of 100 values, and of 99 none', () => {
    expect(summarise({ figure: 'a sale', unit: 'ms', values: hundred }).p99).toBe(99);
    expect(summarise({ figure: 'a sale', unit: 'ms', values: hundred.slice(1) })).not.toHaveProperty('p99');
  });
});

describe('table', () => {
  test('lines columns up, and puts A/A, goal and verdict beside a figure', () => {
    const control = summarise({ figure: 'A/A', unit: 'ratio', values: [0.9, 1.1] });
    const judged = { control, goal: 'at least 1', verdict: 'held' } as const;
    const rows = [
      { ...summarise({ figure: 'a quote', unit: 'us', values: [1234.56, 12.345, 1.2345] }), ...judged },
      summarise({ figure: 'a quote after another', unit: '%', values: hundred }),
    ];
    expect(table(rows)).toEqual([
      'figure                 median   p99   min    max  unit  repeats  A/A           goal        held',
      'a quote                  12.3        1.23  1,235  us          3  0.90 to 1.10  at least 1  held',
      'a quote after another    50.5  99.0  1.00    100  %         100',
    ]);
  });
});

test('gatesOf tells what was checked, and of how many figures nothing was', () => {
  const row = summarise({ figure: 'a quote', unit: 'us', values: [1] });
  expect(gatesOf([{ ...row, gate: 'it is exact' }, { ...row, gate: 'it is exact' }, row])).toEqual([
    'checked, of 2: it is exact',
    'checked, of 1: nothing',
  ]);
});
