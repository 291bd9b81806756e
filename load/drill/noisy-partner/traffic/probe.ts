import type { Probe } from '../asked.ts';
import { REGIONS, type RegionName } from '../callers.ts';
import { readRetryAfter } from '../check/retry-after.ts';
import type { Clock } from '../clock.ts';
import type { Client } from './client.ts';
import type { HttpRequest } from './send.ts';

export interface ProbeContext {
  readonly client: Client;
  readonly now: Clock;
  readonly wait: (ms: number) => Promise<void>;
  readonly question: () => HttpRequest;
  readonly note: (probe: Probe) => void;
  readonly signal: AbortSignal;
}

/** One after another, so many pass the limit of a second several times over. */
const TRIES = 60;
const PAUSE_MS = 1_000;

/**
 * Somebody who is alone on a limit of its own: asks until it is refused, waits as long as it is told to, and asks again.
 * One region after the other, because they may share the limit. Ends when the signal aborts.
 */
export async function keepProbing(ctx: ProbeContext): Promise<void> {
  for (let turn = 0; !ctx.signal.aborted; turn += 1) {
    const probe = await probeOnce(ctx, REGIONS[turn % REGIONS.length] as RegionName);
    if (probe && !ctx.signal.aborted) ctx.note(probe);
    await ctx.wait(PAUSE_MS);
  }
}

/** Undefined when it came to nothing: the region is gone, or a new second began while it asked. */
async function probeOnce(ctx: ProbeContext, region: RegionName): Promise<Probe | undefined> {
  const ask = async () => {
    const answer = await ctx.client.ask({ what: 'quote', region, dueAt: ctx.now(), prepare: ctx.question });
    return answer?.region === region ? answer : undefined;
  };
  const at = ctx.now();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await ask();
    if (!answer) return undefined;
    if (answer.status !== 429) continue;
    const retryAfter = answer.headers['retry-after'] ?? null;
    const until = ctx.now() + (readRetryAfter(retryAfter) ?? Number.NaN) * 1_000;
    if (Number.isNaN(until)) return { region, at, retryAfter };
    // Timers may fire a little early.
    while (ctx.now() < until) await ctx.wait(until - ctx.now());
    const again = await ask();
    return again && { region, at, retryAfter, status: again.status };
  }
  return { region, at };
}
