/** Arrivals at fixed times, whatever became of those before: buyers do not wait for one another. */
export interface Stream {
  readonly perSecond: number;
  /** Of an interval, 0 to 1: so that streams do not all arrive at once. */
  readonly phase: number;
  /** Arrivals while it is off are left out, not made up for. */
  readonly isOn: () => boolean;
  /** `dueAt` is ms since 1970. Must not throw. */
  readonly arrive: (dueAt: number) => void;
}

export interface PaceContext {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Lets each arrival happen at its time, or as soon after as this process gets to it; resolves when the signal aborts. */
export async function keepPace({ now, wait, signal }: PaceContext, streams: readonly Stream[]): Promise<void> {
  const begun = now();
  const counts = streams.map(() => 0);
  const dueAt = (index: number) => {
    const { perSecond, phase } = streams[index] as Stream;
    return begun + (((counts[index] as number) + phase) * 1_000) / perSecond;
  };
  while (!signal.aborted) {
    const next = streams.reduce((best, _, index) => (dueAt(index) < dueAt(best) ? index : best), 0);
    const at = dueAt(next);
    const waitMs = at - now();
    if (waitMs > 0) {
      await wait(waitMs);
      continue;
    }
    counts[next] = (counts[next] as number) + 1;
    const { isOn, arrive } = streams[next] as Stream;
    if (isOn()) arrive(at);
  }
}
