import { expect, test } from 'vitest';
import { POLICIES, TARIFFS, TOPICS } from './topics.ts';

test('names, partitions and readers of the topics never change: another number of partitions would move aggregates', () => {
  expect(TOPICS).toEqual([
    { name: 'policies.v1', partitions: 12, compacted: false, groups: ['ins-comp-settlement'] },
    { name: 'tariffs.v1', partitions: 4, compacted: true, groups: ['core-app'] },
  ]);
});

test('policies are never compacted away, and of tariffs the last of each key is kept', () => {
  expect([POLICIES.compacted, TARIFFS.compacted]).toEqual([false, true]);
});

test('every topic has a name with its version and somebody who reads it', () => {
  for (const { name, groups } of TOPICS) {
    expect(name).toMatch(/^[a-z]+\.v\d+$/);
    expect(groups.length).toBeGreaterThan(0);
  }
  expect(new Set(TOPICS.map(({ name }) => name)).size).toBe(TOPICS.length);
});
