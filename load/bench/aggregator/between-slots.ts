import { setTimeout as timer } from 'node:timers/promises';
import type { BenchContext } from '../bench.ts';

const SLOT_MS = 15 * 60_000;
/** The schedule spreads its polls over the first 30 s of a slot, and a poll takes 20 s at most. */
const BUSY_MS = 55_000;
/** What is begun before a slot has this long to end. */
const AHEAD_MS = 40_000;

/** Waits while the schedule polls, or is about to: a poll forced meanwhile would find the insurer busy. */
export async function betweenSlots({ say, signal }: BenchContext): Promise<void> {
  const intoSlotMs = (Date.now() + AHEAD_MS) % SLOT_MS;
  const restMs = AHEAD_MS + BUSY_MS - intoSlotMs;
  if (restMs <= 0) return;
  say(`waiting ${Math.ceil(restMs / 1_000)} s for the scheduled polls to be over`);
  await timer(restMs, undefined, { signal });
}
