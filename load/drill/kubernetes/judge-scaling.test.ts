import { expect, test } from 'vitest';
import type { Asked } from './asked.ts';
import { judgeScaling, rowsOf, type Scaling } from './judge-scaling.ts';
import type { Sample } from './watch-replicas.ts';

const samples = (...replicas: number[]): Sample[] =>
  replicas.map((count, index) => ({ second: 2 * index, users: 4, replicas: count, ready: count, metric: '50 %' }));
const asked = (good: number, failed = 0): Asked[] =>
  Array.from({ length: good + failed }, (_, index) => ({
    what: 'GET /',
    sentAt: index,
    answeredAt: index + 1,
    status: index < good ? 200 : 503,
  }));

const GOOD: Scaling = {
  name: 'memory',
  samples: samples(1, 1, 2, 3, 2, 1),
  ramp: asked(991, 9),
  scaleIn: asked(100),
  podsThatAnswered: 3,
  restarts: 0,
};

test('R16 D12 (b) from one replica out and back to one, with under 1 % failed in the ramp, is well', () => {
  expect(judgeScaling(GOOD).faults).toEqual([]);
  expect(judgeScaling({ ...GOOD, ramp: asked(10) }).faults).toEqual([]);
});

test.each<[string, Partial<Scaling>, string]>([
  ['began with more', { samples: samples(2, 3, 1) }, 'it began with 2 replicas, not 1'],
  ['never grew', { samples: samples(1, 1, 1), podsThatAnswered: 1 }, 'it did not scale out'],
  ['grew too much', { samples: samples(1, 11, 1), podsThatAnswered: 11 }, 'it had 11 replicas, more than 10'],
  ['stayed at two', { samples: samples(1, 3, 2) }, 'it ended with 2 replicas, not 1'],
  ['a replica got nothing to do', { podsThatAnswered: 2 }, 'of 3 replicas only 2 ever answered'],
  ['1 % failed in the ramp', { ramp: asked(990, 10) }, 'in the ramp 10 of 1000 failed'],
  ['one failed in the scale-in', { scaleIn: asked(999, 1) }, 'in the scale-in 1 of 1000 failed'],
  ['was killed for its memory', { restarts: 1 }, 'pods were restarted 1 times'],
  ['nobody was there', { scaleIn: [] }, 'nothing was asked'],
  ['saw nothing', { samples: [] }, 'nothing was seen'],
])('R16, R19 a scaling that %s is not', (_, change, sentence) => {
  const { faults } = judgeScaling({ ...GOOD, ...change });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`memory: ${sentence}`);
});

test('the table of replicas has a row for each change, the first and the last', () => {
  expect(rowsOf(samples(1, 1, 2, 2, 2, 1, 1)).map((row) => row.slice(0, 3))).toEqual([
    ['second', 'users', 'replicas'],
    ['0', '4', '1'],
    ['4', '4', '2'],
    ['10', '4', '1'],
    ['12', '4', '1'],
  ]);
});
