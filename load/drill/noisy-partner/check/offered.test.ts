import { expect, test } from 'vitest';
import { checkOffered } from './offered.ts';

const answers = (status: number, count: number) => Array.from({ length: count }, () => ({ status }));
const LOAD = { perSecond: 250, seconds: 4 };

test('an offender that is not what it should be is found: the gates would prove nothing', () => {
  expect(checkOffered([...answers(200, 80), ...answers(429, 820)], LOAD)).toEqual([]);
  expect(checkOffered([...answers(200, 80), ...answers(429, 819)], LOAD)).toEqual([
    'alfa asked 899 times, not 1000: this machine could not send them',
  ]);
});

test('D1 R7 over its limit the offender is told 429 and nothing else', () => {
  const asked = [...answers(429, 997), ...answers(503, 2), { status: 0, error: 'no answer in time' }];
  expect(checkOffered(asked, LOAD)).toEqual([
    '2 times alfa was answered 503',
    '1 times alfa was answered no answer in time',
  ]);
});
