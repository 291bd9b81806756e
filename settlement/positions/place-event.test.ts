import { expect, test } from 'vitest';
import { placeEvent } from './place-event.ts';

const position = { epoch: 2, sequence: 10, unplaced: 0 };

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
] as const)('placeEvent: %s', (_, event, outcome) => {
  expect(placeEvent(position, event).outcome).toBe(outcome);
});

test('placeEvent moves the position to the accepted event, backwards when a newer epoch begins lower', () => {
  expect(placeEvent(position, { epoch: 3, sequence: 4 })).toEqual({
    outcome: 'accepted',
    position: { epoch: 3, sequence: 4, unplaced: 0 },
  });
});

test('placeEvent lets each message without a place stand for one number or for none, and no more', () => {
  const after = { ...position, unplaced: 2 };
  const outcomes = [11, 12, 13, 14].map((sequence) => placeEvent(after, { epoch: 2, sequence }).outcome);
  expect(outcomes).toEqual(['accepted', 'accepted', 'accepted', 'gap']);
});
