import { describe, expect, test } from 'vitest';
import { summarise, table } from './table.ts';

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
  test('lines columns up and gives numbers about three digits', () => {
    const rows = [
      { figure: 'a quote', unit: 'us', values: [1234.56, 12.345, 1.2345] },
      { figure: 'a quote after another', unit: '%', values: hundred },
    ];
    expect(table(rows.map(summarise))).toEqual([
      'figure                 median   p99   min   max  unit  repeats',
      'a quote                  12.3        1.23  1235  us          3',
      'a quote after another    50.5  99.0  1.00   100  %         100',
    ]);
  });
});
