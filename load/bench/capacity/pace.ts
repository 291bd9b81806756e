/** Something that is due so often. */
export interface Stream {
  readonly perSecond: number;
  readonly act: (dueAt: number) => void;
}

/**
 * Does each thing when it is due, at an even pace, whatever became of those before; then waits until `isDone`, but not
 * longer than so many ms. A millisecond late at most: it does not spin, because it may share its processors with who is
 * measured.
 */
export function keepPace(
  streams: readonly Stream[],
  {
    startedAt,
    seconds,
    isDone,
    patienceMs,
  }: { startedAt: number; seconds: number; isDone: () => boolean; patienceMs: number },
): Promise<void> {
  const sent = streams.map(() => 0);
  const endsAt = startedAt + seconds * 1_000;
  const sendDue = (now: number) => {
    for (const [at, { perSecond, act }] of streams.entries()) {
      for (let n = sent[at] as number; n < Math.round(perSecond * seconds); n += 1) {
        const dueAt = startedAt + (n * 1_000) / perSecond;
        if (dueAt > now) break;
        sent[at] = n + 1;
        act(dueAt);
      }
    }
  };
  return new Promise((resolve) => {
    const tick = () => {
      const now = performance.now();
      sendDue(now);
      if (now >= endsAt && (isDone() || now > endsAt + patienceMs)) resolve();
      else setTimeout(tick, 1);
    };
    tick();
  });
}

/** Says at which of many calls a share of them is reached, evenly. */
export function every(share: number): () => boolean {
  let [sum, told] = [0, 0];
  return () => {
    sum += share;
    // What adding up fractions loses.
    const isDue = Math.floor(sum + 1e-9) > told;
    if (isDue) told += 1;
    return isDue;
  };
}
