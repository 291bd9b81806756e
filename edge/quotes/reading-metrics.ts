import type { Reading } from './cache.ts';
import { stateOf } from './freshness.ts';

/** For Server-Timing: how the cache answered at `now`, and how long that took where somebody had to be asked. */
export function readingMetrics(reading: Reading | undefined, { ms, now }: { ms: number; now: number }): string {
  if (!reading?.how.hit) return `cache;desc="${reading?.how.joined ? 'joined' : 'miss'}", core;dur=${ms}`;
  if (reading.how.fromStore) return `cache;desc="store", store;dur=${ms}`;
  const isStale = reading.kind === 'answer' && stateOf(reading.answer, now) === 'stale';
  return `cache;desc="${isStale ? 'stale' : 'hit'}"`;
}
