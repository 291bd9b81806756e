import { describe, expect, it } from 'vitest';
import { createMemory } from './memory.ts';

describe('memory', () => {
  const answer = (body: string) => ({
    body: new TextEncoder().encode(body),
    revision: undefined,
    contentType: 'application/json',
    etag: '""',
    fetchedAt: 0,
    freshUntil: 1,
    usableUntil: 1,
  });

  it('10,000 keys stay under the bound, and what is asked for stays', () => {
    const memory = createMemory({ maxBytes: 1_000_000 });
    memory.set('kept', answer('x'));
    for (let key = 0; key < 10_000; key += 1) {
      memory.set(`key-${key}`, answer('x'.repeat(key % 2_000)));
      expect(memory.get('kept')).toBeDefined();
      expect(memory.bytes).toBeLessThanOrEqual(1_000_000);
    }
    expect([memory.get('key-1'), memory.get('key-9999')?.body.length]).toEqual([undefined, 1_999]);
  });

  it('the first to go is what came first of all that was not asked for since it came, or since it was spared', () => {
    const memory = createMemory({ maxBytes: 10_000 });
    const put = (key: string) => memory.set(key, answer('x'.repeat(400)));
    for (let key = 0; memory.bytes < 8_800; key += 1) put(`filler-${key}`);
    const before = memory.entries;
    memory.get('filler-0');
    memory.get('filler-2');
    put('new-0');
    put('new-1');
    expect(memory.entries).toBe(before);
    expect([0, 1, 2, 3].map((key) => memory.get(`filler-${key}`) !== undefined)).toEqual([true, false, true, false]);
  });

  it('room is found also when all that is here was asked for', () => {
    const memory = createMemory({ maxBytes: 10_000 });
    const keys = Array.from({ length: 40 }, (_, at) => `key-${at}`);
    for (const key of keys) {
      memory.set(key, answer('x'.repeat(400)));
      for (const known of keys) memory.get(known);
      expect(memory.get(key)).toBeDefined();
      expect(memory.bytes).toBeLessThanOrEqual(10_000);
    }
  });

  it('bytes come back when an answer is replaced or dropped, and one huge answer pushes nothing out', () => {
    const memory = createMemory({ maxBytes: 100_000 });
    memory.set('a', answer('x'.repeat(1_000)));
    const one = memory.bytes;
    memory.set('a', answer('y'.repeat(1_000)));
    memory.set('huge', answer('x'.repeat(50_000)));
    expect([memory.bytes, memory.get('huge')]).toEqual([one, undefined]);
    memory.delete('a');
    expect(memory.bytes).toBe(0);
  });
});
