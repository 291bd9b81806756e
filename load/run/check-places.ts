import { PREFLIGHT_PATH, preflightFault } from '../traffic/preflight-fault.ts';
import type { Target } from '../traffic/read-target.ts';
import type { Caller } from '../traffic/scenarios.ts';

const ANSWER_MS = 5_000;

/** Before the run: each place knows each key. Rejects with a sentence. */
export async function checkPlaces({ places, keys }: Target, callers: readonly Caller[]): Promise<void> {
  for (const place of places) {
    for (const caller of callers) {
      const answer = await fetch(place.url + PREFLIGHT_PATH, {
        headers: { authorization: `Bearer ${keys[caller]}` },
        signal: AbortSignal.timeout(ANSWER_MS),
      }).catch(() => undefined);
      await answer?.body?.cancel();
      const fault = preflightFault(place, { caller, status: answer?.status });
      if (fault !== undefined) throw new Error(fault);
    }
  }
}
