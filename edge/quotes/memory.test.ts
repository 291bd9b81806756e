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

  it('10,000 keys stay under the bound, the least recently used leaving first', () => {
    const memory = createMemory({ maxBytes: 1_000_000 });
    memory.set('kept', answer('x'));
    for (let key = 0; key < 10_000; key += 1) {
      memory.set(`key-${key}`, answer('x'.repeat(key % 2_000)));
      expect(memory.get('kept')).toBeDefined();
      expect(memory.bytes).toBeLessThanOrEqual(1_000_000);
    }
    expect([memory.get('key-1'), memory.get('key-9999')?.body.length]).toEqual([undefined, 1_999]);
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
