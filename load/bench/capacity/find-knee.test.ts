import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKnee } from './find-knee.ts';

describe('a knee', () => {
  it('is found within its bounds wherever it is, above or below the first rate, and no rate is tried twice', async () => {
    const rate = fc.integer({ min: 2, max: 100_000 });
    await fc.assert(
      fc.asyncProperty(rate, rate, fc.constantFrom(1.25, 2), async (most, from, factor) => {
        const tried: number[] = [];
        const holds = async (asked: number) => {
          tried.push(asked);
          return asked <= most;
        };
        const knee = await findKnee(holds, { from, factor, within: 1.1 });
        expect(knee).toBeLessThanOrEqual(most);
        expect(most).toBeLessThanOrEqual(Math.max(knee * 1.1, knee + 1));
        expect(new Set(tried).size).toBe(tried.length);
      }),
    );
  });

  it('is not there when nothing holds', async () => {
    await expect(findKnee(async () => false, { from: 100, factor: 2, within: 1.1 })).rejects.toThrow(
      'Not even a request a second',
    );
  });
});
