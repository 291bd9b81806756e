import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';
import { summarise } from './summarise.ts';

const found = (unit: string, ...values: number[]) => summarise({ figure: 'it', unit, values });
const goal = { bench: 'edge', figure: 'it', says: 'it', serves: 'R6' };
const atLeast = { ...goal, atLeast: 0.85 };
const atMost = { ...goal, atMost: 1 };

describe('judge', () => {
  test('tells held and short by the median, whichever way the goal points', () => {
    expect(judge(atLeast, found('ratio', 0.8, 0.85, 0.9))).toBe('held');
    expect(judge(atLeast, found('ratio', 0.8, 0.84, 0.99))).toBe('falls short');
    expect(judge(atMost, found('ms', 0.5, 1, 9))).toBe('held');
    expect(judge(atMost, found('ms', 0.5, 1.01, 1.02))).toBe('falls short');
  });

  test('says that it is within noise while the thing differs more from itself than from the goal', () => {
    const value = found('ratio', 0.95);
    expect(judge(atLeast, value, found('ratio', 0.96, 1.05))).toBe('held');
    expect(judge(atLeast, value, found('ratio', 0.9, 1.05))).toBe('reached, within noise');
    expect(judge(atLeast, found('ratio', 0.75), found('ratio', 0.9, 1.05))).toBe('missed, within noise');
  });

  test('takes an A/A ratio as a share of the value, and any other in its unit', () => {
    const forty = { ...goal, atLeast: 40 };
    expect(judge(forty, found('ratio', 26), found('ratio', 0.95, 1.36))).toBe('falls short');
    expect(judge(forty, found('ratio', 31), found('ratio', 0.95, 1.36))).toBe('missed, within noise');
    expect(judge(atMost, found('ms', 0.3), found('ms', -0.2, 0.4))).toBe('held');
    expect(judge(atMost, found('ms', 0.5), found('ms', -0.2, 0.4))).toBe('reached, within noise');
  });

  test('takes an A/A that differs all the same way for noise too', () => {
    expect(judge(atLeast, found('ratio', 0.95), found('ratio', 0.8))).toBe('reached, within noise');
    expect(judge(atMost, found('ms', 0.5), found('ms', 0.6, 0.7))).toBe('reached, within noise');
  });

  test('judges a 99th percentile where that is the goal, and tells nothing of fewer than 100 values', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index / 100);
    expect(judge({ ...atMost, of: 'p99' }, found('ms', ...hundred))).toBe('held');
    expect(judge({ ...atMost, of: 'p99' }, found('ms', ...hundred.slice(1)))).toBe('cannot be told');
    expect(judge({ ...goal, of: 'p99', atMost: 0.9 }, found('ms', ...hundred))).toBe('falls short');
  });

  test('says nothing of a figure without a goal', () => {
    expect(judge(goal, found('ratio', 3))).toBeUndefined();
  });
});
