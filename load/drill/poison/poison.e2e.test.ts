import { expect, it } from 'vitest';
import type { DrillContext } from '../drill.ts';
import { KINDS } from './kinds.ts';
import { poison } from './poison.ts';

const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };

// The short form of npm run drill -- poison, which judges the clock too (load/README.md).
it('D9 S3.2 10,000 malformed events among 1,000,000, in every way and in short: each parked once with its reason and what follows of its policy, all others booked once', async () => {
  const outcome = await poison(ctx, { events: 20_000, malformed: 400, rate: 4_000, seed: 1 });
  expect(outcome.faults).toEqual([]);
  const [, ways] = String(outcome.lines[0]?.[1]).split('; ');
  // All of them, and some of the huge.
  expect(Number(ways)).toBeGreaterThan(KINDS.length);
});
