import { expect, test } from 'vitest';
import { replayLines, statusLines } from './outbox-lines.ts';

const at = '2026-11-22T10:00:00.000Z';

test('a status says what waits and since when, partition by partition', () => {
  const partitions = [
    { partition: 0, epoch: 3, sequence: 1_204, backlog: 12, oldestAt: at },
    { partition: 1, epoch: 0, sequence: 0, backlog: 0, oldestAt: null },
  ];
  expect(statusLines({ backlog: 12, oldestAgeSeconds: 61.25, partitions })).toEqual([
    '12 events wait, the first for 61.3 s.',
    'partition  epoch  sequence  backlog                    oldest',
    '        0      3      1204       12  2026-11-22T10:00:00.000Z',
    '        1      0         0        0',
  ]);
  expect(statusLines({ backlog: 0, oldestAgeSeconds: null, partitions: [] })[0]).toBe(
    'Nothing waits: every event is acknowledged.',
  );
});

test('a replay says what will be sent again, and what is not kept', () => {
  expect(replayLines({ events: 1, partitions: [{ partition: 3, events: 1 }], keptAfter: at })).toEqual([
    '1 event will be sent again.',
    `Events up to ${at} are not kept any more.`,
    'partition  events',
    '        3       1',
  ]);
  expect(replayLines({ events: 0, partitions: [], keptAfter: null })).toEqual([
    'Nothing was sent from there on: no partition is put back.',
  ]);
});
