import { expect, test } from 'vitest';
import { planRun } from '../traffic/plan-run.ts';
import file from '../traffic/scenarios.json' with { type: 'json' };
import type { Scenarios } from '../traffic/scenarios.ts';
import { summaryOf } from './summary-of.ts';

const PLAN = planRun(file as Scenarios, { name: 'smoke', settings: { rate: 1, seed: 1 } });
const values = (of: Record<string, number>) => ({ values: of });
const METRICS = {
  iterations: values({ count: 40 }),
  'http_reqs{name:quote}': values({ count: 40 }),
  'wrong{name:quote}': values({ passes: 2, fails: 38 }),
  'admitted{name:quote}': values({ count: 38 }),
  'http_req_duration{name:quote}': values({ med: 1, 'p(95)': 2, 'p(99)': 3 }),
  'dropped_iterations{scenario:site-buy}': values({ count: 3 }),
};

test('summaryOf tells what k6 measured in the words of all tools, and what was dropped', () => {
  const lines = summaryOf(PLAN, { metrics: METRICS }).trim().split('\n');
  expect(lines[1]).toMatch(/^quote +40 +2 +38 +1\.0 +2\.0 +3\.0 .*NO: 2 failed$/);
  expect(lines[2]).toMatch(/^issue +0 .*NO: 0 asked$/);
  expect(lines[3]).toBe('site-buy: 3 journeys did not begin, as all users were busy: NO');
});

test('a run that did not begin has no table', () => {
  expect(summaryOf(PLAN, { metrics: {} })).toBe('');
});
