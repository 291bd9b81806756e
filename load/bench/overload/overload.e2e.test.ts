import { expect, it } from 'vitest';
import { flood } from './flood.ts';

const PLAN = {
  rounds: 1,
  capacity: 200,
  unloadedSeconds: 2,
  peakSeconds: 1,
  floodSeconds: 6,
  recoverySeconds: 3,
  isPinned: false,
};

// The short form of npm run bench -- overload, which measures the clock too (load/README.md).
it('2,000 new quotes a second: some are refused, each with 503 and Retry-After; every purchase succeeds and is in the ledger', async () => {
  const ctx = { say: () => undefined, signal: new AbortController().signal };
  const { figures, faults } = await flood(ctx, PLAN);
  expect(faults).toEqual([]);
  const figureOf = (name: string) => figures.find(({ figure }) => figure.startsWith(name))?.values[0] ?? 0;
  expect(figureOf('quotes refused')).toBeGreaterThan(20);
  expect(figureOf('purchases that succeed')).toBe(100);
});
