import { setTimeout as timer } from 'node:timers/promises';

interface Waiting {
  readonly signal: AbortSignal;
  /** Named in the sentence when it does not come. */
  readonly what: string;
  readonly mostSeconds: number;
  readonly everyMs?: number;
}

/** Asks again and again until there is something; rejects with a sentence after so many seconds, or when the signal aborts. */
export async function waitUntil<Found>(
  ask: () => Promise<Found | undefined | false>,
  { signal, what, mostSeconds, everyMs = 1_000 }: Waiting,
): Promise<Found> {
  const until = performance.now() + mostSeconds * 1_000;
  while (true) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`After ${mostSeconds} s there is still no ${what}`);
    await timer(everyMs, undefined, { signal });
  }
}
