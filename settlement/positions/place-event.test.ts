import { expect, test } from 'vitest';
import { placeEvent } from './place-event.ts';

const position = { epoch: 2, sequence: 10, unplaced: 0, stop: null };

test.each([
  ['an older epoch', { epoch: 1, sequence: 11 }, 'stale'],
  ['an older epoch, also when its number is far ahead', { epoch: 1, sequence: 99 }, 'stale'],
  ['the number of the position', { epoch: 2, sequence: 10 }, 'duplicate'],
  ['a number below the position', { epoch: 2, sequence: 1 }, 'duplicate'],
  ['the next number', { epoch: 2, sequence: 11 }, 'accepted'],
  ['the next but one number', { epoch: 2, sequence: 12 }, 'gap'],
  ['a newer epoch that goes on', { epoch: 3, sequence: 11 }, 'accepted'],
  ['a newer epoch that begins lower', { epoch: 3, sequence: 4 }, 'accepted'],
  ['a newer epoch that leaves numbers out', { epoch: 3, sequence: 12 }, 'gap'],
] as const)('S3.2 placeEvent: %s', (_, event, outcome) => {
  expect(placeEvent(position, event).outcome).toBe(outcome);
});

const stopped = { ...position, unplaced: 2, stop: { reason: 'gap', sequence: 8 } } as const;

test.each([
  ['an older epoch', { epoch: 1, sequence: 8 }, 'withheld'],
  ['the epoch of the position', { epoch: 2, sequence: 8 }, 'withheld'],
  ['the number of the position', { epoch: 2, sequence: 10 }, 'withheld'],
  ['the next number of the epoch of the position', { epoch: 2, sequence: 11 }, 'withheld'],
  ['a newer epoch that begins where it must', { epoch: 3, sequence: 8 }, 'accepted'],
  ['a newer epoch that begins lower', { epoch: 9, sequence: 1 }, 'accepted'],
  ['a newer epoch that begins too high', { epoch: 4, sequence: 9 }, 'withheld'],
  ['a newer epoch at the next number, which is too high', { epoch: 4, sequence: 11 }, 'withheld'],
] as const)('S3.2 placeEvent in a stopped partition: %s', (_, event, outcome) => {
  expect(placeEvent(stopped, event).outcome).toBe(outcome);
});

test.each([
  ['accepted', position],
  ['accepted when it was stopped, and stopped no more', stopped],
])('S3.2 placeEvent moves the position to the event, backwards when a newer epoch begins lower: %s', (_, from) => {
  expect(placeEvent(from, { epoch: 4, sequence: 4 })).toEqual({
    outcome: 'accepted',
    position: { epoch: 4, sequence: 4, unplaced: 0, stop: null },
  });
});

test('S3.2 placeEvent lets each message without a place stand for one number or for none, and no more', () => {
  const after = { ...position, unplaced: 2 };
  const outcomes = [11, 12, 13, 14].map((sequence) => placeEvent(after, { epoch: 2, sequence }).outcome);
  expect(outcomes).toEqual(['accepted', 'accepted', 'accepted', 'gap']);
});
