import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleAll,
  handleWhen,
  type IPolicy,
  type IRetryBackoffContext,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import type { Insurer } from './insurer.ts';

export const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** An insurer, where it is, and the guard that keeps its faults its own. */
export interface Line {
  readonly insurer: Insurer;
  readonly baseUrl: string;
  readonly guard: IPolicy;
  breaker(): BreakerState;
  /** Whether a collection is under way here. */
  busy(): boolean;
}

/** Of a whole collection, with all its pages, attempts and pauses. */
const TIMEOUT_MS = 20_000;
const ATTEMPTS_AFTER_FIRST = 2;
const FIRST_PAUSE_MS = 500;
/** Who asks for more than this is left alone until the next slot: a pause longer than it would outlive the timeout. */
const LONGEST_PAUSE_MS = 3_000;
const FAILURES_TO_OPEN = 5;
const HALF_OPEN_AFTER_MS = 10 * 60_000;

/**
 * One guard an insurer: nothing of one's slowness or failure is shared with another's. From the outside in: one
 * collection at a time (bulkhead, no queue), a breaker over collections, a timeout over all of one, and retries of what
 * another attempt may mend. A collection only reads, SOAP's and GraphQL's POST included, so repeating it is safe.
 */
export function openLine(
  insurer: Insurer,
  baseUrl: string,
  { random, onRetry }: { random: () => number; onRetry: () => void },
): Line {
  const compartment = bulkhead(1, 0);
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const repeat = retry(handleWhen(isPassing), {
    maxAttempts: ATTEMPTS_AFTER_FIRST,
    backoff: new DelegateBackoff((context: IRetryBackoffContext<unknown>) => pauseMs(context, random)),
  });
  repeat.onRetry(onRetry);
  return {
    insurer,
    baseUrl,
    guard: wrap(compartment, breaker, timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive), repeat),
    breaker() {
      if (breaker.state === CircuitState.Closed) return 'closed';
      return breaker.state === CircuitState.HalfOpen ? 'half-open' : 'open';
    },
    busy: () => compartment.executionSlots === 0,
  };
}

/** Why a collection failed, few in number and so fit for a metric's label. */
export function failureReason(error: unknown): string {
  if (error instanceof InsurerReplyError) return error.reason;
  if (error instanceof TaskCancelledError) return 'timeout';
  if (error instanceof BrokenCircuitError) return 'breaker-open';
  if (error instanceof BulkheadRejectedError) return 'busy';
  return 'other';
}

/** What may be gone at the next attempt. A reply of the wrong form is not: it is the same a second later. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof InsurerReplyError) || (error.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
  const { reason, status = 0 } = error;
  return ['unreachable', 'cut-off', 'paging'].includes(reason) || status === 429 || status >= 500;
}

/** What the insurer asked for, else 0.5 s, doubled each time and cut by up to half at random. */
function pauseMs({ attempt, result }: IRetryBackoffContext<unknown>, random: () => number): number {
  const asked = 'error' in result && result.error instanceof InsurerReplyError ? result.error.retryAfterMs : undefined;
  return asked ?? FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 - random() / 2);
}
