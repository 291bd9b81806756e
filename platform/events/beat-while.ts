import type { Wait } from '#platform/lifecycle/wait.ts';

interface Beat {
  readonly everyMs: number;
  readonly heartbeat: () => Promise<void>;
  readonly wait: Wait;
}

/**
 * Does the work, and tells the group meanwhile that this member lives: who is silent for a session is put out, and what it did
 * is handed to another. A beat that fails changes nothing: whether the work still counts is told by what comes after it.
 */
export async function beatWhile<Result>(
  work: () => Promise<Result>,
  { everyMs, heartbeat, wait }: Beat,
): Promise<Result> {
  const done = new AbortController();
  const beat = async (): Promise<void> => {
    await wait(everyMs, done.signal);
    if (done.signal.aborted) return;
    await heartbeat().catch(() => undefined);
    return beat();
  };
  const beating = beat();
  try {
    return await work();
  } finally {
    done.abort();
    await beating;
  }
}
