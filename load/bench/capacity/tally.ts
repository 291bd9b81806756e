import type { Answer } from './connection.ts';
import type { Slice } from './crowd.ts';

type Count = { -readonly [Key in keyof Slice]: Slice[Key] } & {
  readonly statuses: Record<string, number>;
  readonly waitedMs: number[];
  readonly shedMs: number[];
};

/** A request that is due; `end` tells what became of it. */
export type End = (answer: Answer | undefined) => void;

/** Counts requests by the second in which they were due. */
export function createTally(seconds: number, startedAt: number) {
  const slices: Count[] = Array.from({ length: seconds }, () => ({
    offered: 0,
    statuses: {},
    waitedMs: [],
    shedMs: [],
    withoutRetryAfter: 0,
  }));
  const count = (slice: Count, { dueAt, answer }: { dueAt: number; answer: Answer | undefined }) => {
    const status = answer?.status ?? 0;
    slice.statuses[status] = (slice.statuses[status] ?? 0) + 1;
    const waitedMs = Math.round((performance.now() - dueAt) * 100) / 100;
    if (status === 200 || status === 201) slice.waitedMs.push(waitedMs);
    if (status !== 503) return;
    slice.shedMs.push(waitedMs);
    if (!/\r\nretry-after: [1-9]/i.test(answer?.head ?? '')) slice.withoutRetryAfter += 1;
  };
  return {
    /** What is due after the last second is counted in it. */
    offer(dueAt: number): End {
      const at = Math.min(seconds - 1, Math.max(0, Math.floor((dueAt - startedAt) / 1_000)));
      const slice = slices[at] as Count;
      slice.offered += 1;
      return (answer) => count(slice, { dueAt, answer });
    },
    /** Those that have had no answer are counted as such. */
    close(): readonly Slice[] {
      for (const { offered, statuses } of slices) {
        const ended = Object.values(statuses).reduce((sum, each) => sum + each, 0);
        if (ended < offered) statuses[0] = (statuses[0] ?? 0) + offered - ended;
      }
      return slices;
    },
  };
}
