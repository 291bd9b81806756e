import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from './recent.ts';

describe('recent', () => {
  it('holds what its bytes allow, whatever is put in, and what is used once in a generation stays', () => {
    const recent = createRecent<number>({ maxBytes: 100_000, entryBytes: 100 });
    recent.set('used', -1);
    const held = () =>
      Array.from({ length: 10_000 }, (_, key) => `key-${key}`).filter((key) => recent.get(key) !== undefined);
    for (let key = 0; key < 10_000; key += 1) {
      recent.set(`key-${key}`, key);
      expect(recent.get('used')).toBe(-1);
    }
    // Of 116 bytes each, in two generations of 50,000.
    const kept = held();
    expect(kept.length).toBeLessThanOrEqual(2 * 432);
    expect(kept.length).toBeGreaterThan(400);
    expect(kept.at(-1)).toBe('key-9999');
  });

  it('whatever is done, it never answers another value than the last of a key, and has the last key set', () => {
    const anyKey = fc.constantFrom('a', 'b', 'cc', 'ddd', 'e'.repeat(40));
    const anyDeed = fc.oneof(fc.tuple(anyKey, fc.nat()), fc.tuple(anyKey, fc.constant(undefined)));
    fc.assert(
      fc.property(fc.array(anyDeed, { maxLength: 60 }), (deeds) => {
        const recent = createRecent<number>({ maxBytes: 100, entryBytes: 10 });
        const model = new Map<string, number>();
        for (const [key, value] of deeds) {
          if (value === undefined) {
            expect([undefined, model.get(key)]).toContain(recent.get(key));
            continue;
          }
          recent.set(key, value);
          model.set(key, value);
          expect(recent.get(key)).toBe(value);
        }
        recent.clear();
        for (const key of model.keys()) expect(recent.get(key)).toBeUndefined();
      }),
    );
  });
});
