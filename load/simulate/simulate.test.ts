import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults/faults.ts';
import { hashOf } from './simulate.ts';
import { sweep } from './sweep.ts';

describe('a simulated region', () => {
  it('replays a seed step by step: two runs have the same trace, two seeds have not', { timeout: 60_000 }, async () => {
    const seeds = Array.from({ length: 30 }, (_, n) => n + 1);
    const once = await Promise.all(seeds.map((seed) => hashOf(seed)));
    for (const seed of seeds) expect(await hashOf(seed)).toBe(once[seed - 1]);
    expect(new Set(once).size).toBe(seeds.length);
  });

  it('S3.2 D2 loses, doubles and misorders nothing in 300 seeds of crashes, cuts, delays and takeovers', {
    timeout: 120_000,
  }, async () => {
    const { runs, events, broken } = await sweep({ from: 1, to: 300 });
    expect(broken).toBeUndefined();
    expect(runs).toBe(300);
    expect(events).toBeGreaterThan(3_000);
  });

  it.each(FAULTS)('finds within 1,000 seeds a system that $does ($name)', { timeout: 120_000 }, async (fault) => {
    const { broken } = await sweep({ from: 1, to: 1_000 }, { fault });
    expect(broken?.broken[0]).toBeTypeOf('string');
  });
});
