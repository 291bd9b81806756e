import { expect, test } from 'vitest';
import { KEPT, told } from '../evidence.testing.ts';
import { type Heard, measure } from './measure.ts';

const restoring = {
  lostAt: 60_000,
  goneAt: 60_100,
  filesBackAt: 62_000,
  databaseUpAt: 65_000,
  servicesUpAt: 68_000,
  epochs: [1, 1],
} as const;
const heard = (at: number, operation: Heard['operation'] = 'issued'): Heard => ({
  at,
  operation,
  key: String(at),
  policy: told(KEPT),
});
const of = (all: readonly Heard[], lost: readonly Heard[]) => measure(all, { losses: new Set(lost), restoring });

test('D4 the outage lasts until the first new policy: neither a cancellation nor an answer that was on its way ends it', () => {
  const all = [heard(59_000), heard(60_050), heard(66_000, 'cancelled'), heard(68_500), heard(69_000)];
  expect(of(all, [])).toEqual({ outage: 8.5, loss: 0, lost: 0 });
});

test('D4 what is lost goes back to the last that survived, or to the first that did not if that is longer ago', () => {
  const [a, b, c, again] = [heard(30_000), heard(40_000), heard(50_000), heard(70_000)];
  expect(of([a, b, c, again], [b, c])).toMatchObject({ loss: 30, lost: 2 });
  expect(of([a, b, c, again], [b])).toMatchObject({ loss: 20, lost: 1 });
  expect(of([b, again], [b])).toMatchObject({ loss: 20, lost: 1 });
});

test('D4 a region that sells nothing again has no figure', () => {
  expect(() => of([heard(59_000), heard(67_000, 'cancelled')], [])).toThrow('Nothing was sold after');
});
