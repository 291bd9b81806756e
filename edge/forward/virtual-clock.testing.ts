/** Time that passes only when a test runs it, with the timers and deadlines that are due in it. */
export interface VirtualClock {
  readonly now: () => number;
  /** As EdgeContext's: aborts when its time has come. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Resolves after so many milliseconds, at once when the signal aborts; true if the time was over. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<boolean>;
  /** Does something later. */
  readonly after: (ms: number, act: () => void) => void;
  /** Lets so many milliseconds pass. Whatever is due happens in its order, and what follows from it before the next. */
  readonly run: (ms: number) => Promise<void>;
  /** Puts the clock somewhere else, and lets nothing happen. */
  readonly set: (now: number) => void;
}

interface Due {
  readonly at: number;
  readonly act: () => void;
}

export function createVirtualClock(startAt = 1_000_000): VirtualClock {
  let now = startAt;
  const due: Due[] = [];
  const after = (ms: number, act: () => void) => {
    const at = now + ms;
    const place = due.findLastIndex((other) => other.at <= at);
    due.splice(place + 1, 0, { at, act });
  };
  return {
    now: () => now,
    after,
    deadline: (ms) => {
      // As the runtimes do.
      if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`A deadline of ${ms} ms`);
      const controller = new AbortController();
      after(ms, () => controller.abort(new DOMException('timed out', 'TimeoutError')));
      return controller.signal;
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        after(ms, () => resolve(true));
        signal?.addEventListener('abort', () => resolve(false));
      }),
    run: async (ms) => {
      const end = now + ms;
      await quiet();
      for (let next = due[0]; next && next.at <= end; next = due[0]) {
        due.shift();
        now = Math.max(now, next.at);
        next.act();
        await quiet();
      }
      now = end;
    },
    set: (other) => {
      now = other;
    },
  };
}

/** Promises, however long their chains, are done before the event loop turns. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve));
