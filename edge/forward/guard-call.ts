import type { EdgeContext } from '../context.ts';
import type { Need } from './hop.ts';
import type { Lane, NoPlace } from './queue.ts';
import type { Sent } from './send-call.ts';

/** A failure within this is quick, ms: the call was lost, not slow. */
const QUICK_MS = 1_000;

interface Guarded {
  readonly need: Need;
  readonly lane: Lane;
  /** When the answer is given up, ms since 1970. */
  readonly deadline: number;
  /** Whether to do it twice is the same as once, and somebody waits for it. */
  readonly mayRepeat: boolean;
  readonly gone?: AbortSignal | undefined;
  readonly attempt: () => Promise<Sent>;
}

/** It was not sent. */
export interface Refused {
  readonly kind: 'refused';
  readonly why: NoPlace | 'circuit-open';
  /** When the next may try, if that is known. */
  readonly retryInMs?: number;
}

/**
 * Makes a call to core when the circuit lets it and a place is free, twice at most. The trial of a circuit takes no place:
 * calls that hang may hold them all, and core may be back. Never rejects unless `attempt` does.
 */
export async function guardCall(
  ctx: Pick<EdgeContext, 'hop' | 'now' | 'observe'>,
  call: Guarded,
): Promise<Sent | Refused> {
  const { circuits, queue } = ctx.hop;
  const circuit = circuits[call.need];
  const open = (): Refused => ({ kind: 'refused', why: 'circuit-open', retryInMs: circuit.retryInMs() });
  const early = circuit.pass();
  if (!early) return open();
  const place = early.isTrial ? undefined : await queue.enter(call);
  if (typeof place === 'string') return { kind: 'refused', why: place };
  try {
    // It may have turned while the call waited.
    const pass = early.isGood() ? early : circuit.pass();
    if (!pass) return open();
    const startedAt = ctx.now();
    const sent = await call.attempt();
    pass.end(hasAnswer(sent));
    return (await repeat(ctx, call, { sent, startedAt })) ?? sent;
  } finally {
    place?.leave();
  }
}

/** A second attempt, if the first may be repeated; undefined if not. */
async function repeat(
  ctx: Pick<EdgeContext, 'hop' | 'now' | 'observe'>,
  call: Guarded,
  { sent, startedAt }: { sent: Sent; startedAt: number },
): Promise<Sent | undefined> {
  const { circuits, retries } = ctx.hop;
  retries.earn();
  if (sent.kind !== 'failed' || !sent.isRepeatable || !call.mayRepeat) return undefined;
  const now = ctx.now();
  if (now - startedAt > QUICK_MS || now >= call.deadline || !retries.spend()) return undefined;
  const pass = circuits[call.need].pass();
  if (!pass) return undefined;
  ctx.observe({ kind: 'core-retry' });
  const again = await call.attempt();
  pass.end(hasAnswer(again));
  return again;
}

const hasAnswer = (sent: Sent): boolean => sent.kind === 'answered' || sent.isThere;
