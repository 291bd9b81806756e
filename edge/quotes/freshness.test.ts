import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuery } from './canonical-query.ts';
import { lifetimeOf, stateOf } from './freshness.ts';
import { createMemory } from './memory.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const asked = { target: '/v1/quotes/osago', fetchedAt: T0, isJson: true };
const at = (ms: number) => ({ expiresAt: new Date(T0 + ms).toISOString() });

describe('freshness', () => {
  it('whatever the offers, nothing is served when the first to end has less than 60 s', () => {
    const millis = fc.integer({ min: -3_600_000, max: 3_600_000 });
    fc.assert(
      fc.property(fc.array(millis, { minLength: 1, maxLength: 10 }), millis, (ends, wait) => {
        const body = JSON.stringify({ offers: ends.map(at) });
        const state = stateOf(lifetimeOf(body, asked), T0 + wait);
        expect(state === 'expired').toBe(Math.min(...ends) - wait <= 60_000);
        if (state !== 'expired') expect(state).toBe(wait < 30_000 ? 'fresh' : 'stale');
      }),
    );
  });

  it('what is not understood is not kept, and what has no offers is asked for again after a second', () => {
    const strange = ['', '{', '{"offers":{}}', '{"offers":"x"}', '{"offers":[{}]}', '{"offers":[null]}'];
    const mixed = JSON.stringify({ offers: [at(900_000), { expiresAt: 'soon' }] });
    for (const body of [...strange, mixed]) {
      expect(stateOf(lifetimeOf(body, asked), T0)).toBe('expired');
    }
    for (const body of ['null', '{}', '{"offers":[]}']) {
      const states = [0, 999, 1_000, 299_999, 300_000].map((ms) => stateOf(lifetimeOf(body, asked), T0 + ms));
      expect(states).toEqual(['fresh', 'fresh', 'stale', 'stale', 'expired']);
    }
  });

  it('places are fresh for 5 min and usable for 15, by their path alone, and only as JSON', () => {
    const statesOf = (target: string, isJson = true) =>
      [299_999, 300_000, 899_999, 900_000].map((ms) =>
        stateOf(lifetimeOf('{"items":[]}', { target, fetchedAt: T0, isJson }), T0 + ms),
      );
    for (const target of ['/v1/localities', '/v1/localities?q=%D0%9A']) {
      expect(statesOf(target)).toEqual(['fresh', 'stale', 'stale', 'expired']);
    }
    const others = [statesOf('/v1/products'), statesOf('/docs?/v1/localities'), statesOf('/v1/localities', false)];
    for (const states of others) expect(states).toEqual(['stale', 'expired', 'expired', 'expired']);
  });
});

describe('canonicalQuery', () => {
  const pairs = fc.array(fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 })), { maxLength: 6 });
  const sortedNames = (query: URLSearchParams) =>
    [...new Set(query.keys())].sort().map((name) => [name, [...new Set(query.getAll(name))]]);

  it('two queries have one key exactly when each name has the same values', () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const [left, right] = [new URLSearchParams(one), new URLSearchParams(other)];
        const same = JSON.stringify(sortedNames(left)) === JSON.stringify(sortedNames(right));
        expect(canonicalQuery(left) === canonicalQuery(right)).toBe(same);
      }),
    );
  });

  it('means what it came from, and is its own canonical form', () => {
    fc.assert(
      fc.property(pairs, (query) => {
        const canonical = canonicalQuery(new URLSearchParams(query));
        expect(sortedNames(new URLSearchParams(canonical))).toEqual(sortedNames(new URLSearchParams(query)));
        expect(canonicalQuery(new URLSearchParams(canonical))).toBe(canonical);
      }),
    );
  });
});

describe('memory', () => {
  const answer = (body: string) => ({
    body,
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
