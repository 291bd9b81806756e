import { expect, it } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

it('retries are ten at once at most, and a tenth of all calls after them', () => {
  const budget = createRetryBudget();
  const spent = (calls: number) => {
    let retries = 0;
    for (let call = 0; call < calls; call += 1) {
      budget.earn();
      if (budget.spend()) retries += 1;
    }
    return retries;
  };
  // The first 11: each call earns a tenth of a retry while the ten are used up.
  expect([spent(11), spent(1_000), spent(1_000)]).toEqual([11, 100, 100]);
  for (let call = 0; call < 10_000; call += 1) budget.earn();
  expect(Array.from({ length: 12 }, () => budget.spend())).toEqual([...Array(10).fill(true), false, false]);
});
