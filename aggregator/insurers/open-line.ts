import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  type IPolicy,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Insurer } from './insurer.ts';

/** An insurer, where it is, and the guard that keeps its faults its own. */
export interface Line {
  readonly insurer: Insurer;
  readonly baseUrl: string;
  readonly guard: IPolicy;
  breaker(): 'closed' | 'open' | 'half-open';
}

const TIMEOUT_MS = 20_000;
const ATTEMPTS = 2;
const FAILURES_TO_OPEN = 5;
const HALF_OPEN_AFTER_MS = 10 * 60_000;

/** One guard an insurer: nothing of one's slowness or failure is shared with another's. Reads only, so retries are safe. */
export function openLine(insurer: Insurer, baseUrl: string): Line {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const guard = wrap(
    breaker,
    retry(handleAll, { maxAttempts: ATTEMPTS, backoff: new ExponentialBackoff({ initialDelay: 500 }) }),
    timeout(TIMEOUT_MS, TimeoutStrategy.Aggressive),
  );
  return {
    insurer,
    baseUrl,
    guard,
    breaker() {
      if (breaker.state === CircuitState.Closed) return 'closed';
      return breaker.state === CircuitState.HalfOpen ? 'half-open' : 'open';
    },
  };
}
