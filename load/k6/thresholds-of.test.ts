import { expect, test } from 'vitest';
import { planRun } from '../traffic/plan-run.ts';
import file from '../traffic/scenarios.json' with { type: 'json' };
import type { Scenarios } from '../traffic/scenarios.ts';
import { thresholdsOf } from './thresholds-of.ts';

const plan = (name: 'noisy-partner' | 'spike') =>
  planRun(file as Scenarios, { name, settings: { rate: 1, seed: 1, seconds: 60 } });

test('each gate is four thresholds of k6, and no journey may be dropped', () => {
  expect(thresholdsOf(plan('noisy-partner'))).toMatchObject({
    'dropped_iterations{scenario:alfa-quote}': ['count==0'],
    'dropped_iterations{scenario:site-buy}': ['count==0'],
    'http_reqs{name:alfa quote}': ['count>=13500'],
    'wrong{name:alfa quote}': ['rate<=0'],
    'http_req_duration{name:alfa quote}': ['p(95)<1000'],
    'admitted{name:alfa quote}': ['count>=1080', 'count<=1320'],
    'wrong{name:issue}': ['rate<=0'],
  });
});

test('in a spike some may fail and be dropped; while it settles everything holds, so that k6 measures it', () => {
  expect(thresholdsOf(plan('spike'))).toMatchObject({
    'dropped_iterations{scenario:spike-site-buy}': ['count>=0'],
    'dropped_iterations{scenario:recovered-site-buy}': ['count==0'],
    'wrong{name:spike: issue}': ['rate<=0.01'],
    'wrong{name:settling: issue}': ['rate>=0'],
    'http_req_duration{name:settling: issue}': ['p(95)>=0'],
    'http_req_duration{name:recovered: issue}': ['p(95)<1000'],
  });
});
