import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventEnvelope } from '#contracts/events.ts';
import { POLICIES, TARIFFS } from '#contracts/topics.ts';
import { partitionOf } from './partition.ts';

describe('partitionOf', () => {
  // Of the FNV authors' own test vectors (fnv32a).
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
  ])('hashes "%s" as FNV-1a does', (id, hash) => {
    expect(partitionOf(id, 2 ** 32)).toBe(hash);
  });

  test.each([
    ['volga', 4, 2],
    ['ural', 4, 3],
    ['baikal', 4, 1],
    ['msk-0198f2d4-7c1e-7a5b-9c3d-2e1f0a9b8c7d', 12, 5],
    ['полис', 12, 1],
  ])('never moves an aggregate: %s of %i is %i', (id, partitions, partition) => {
    expect(partitionOf(id, partitions)).toBe(partition);
  });

  const golden = new URL('../../core/contracts/golden/', import.meta.url);
  test.each(readdirSync(golden))('puts the event of %s where it was sent', (file) => {
    const event = JSON.parse(readFileSync(new URL(file, golden), 'utf8')) as EventEnvelope;
    const topic = /^(policy|control)\./.test(event.type) ? POLICIES : TARIFFS;
    expect(partitionOf(event.aggregateId, topic.partitions)).toBe(event.partition);
  });

  test('is a partition there is, and the same each time, for any id', () => {
    const Id = fc.array(fc.integer({ min: 0, max: 0x10ffff })).map((points) => String.fromCodePoint(...points));
    fc.assert(
      fc.property(Id, fc.integer({ min: 1, max: 1_000 }), (id, partitions) => {
        const partition = partitionOf(id, partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
        expect(partitionOf(id, partitions)).toBe(partition);
      }),
    );
  });

  test('spreads policies evenly: of 12,000 ids each of 12 partitions has its thousand, give or take 15 %', () => {
    const counts = new Array<number>(12).fill(0);
    for (let n = 0; n < 12_000; n += 1) {
      const id = `msk-0198f2d4-${(n * 7919).toString(16).padStart(4, '0').slice(-4)}-7a5b-9c3d-${n.toString(16).padStart(12, '0')}`;
      counts[partitionOf(id, 12)] = (counts[partitionOf(id, 12)] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });
});
