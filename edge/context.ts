import type { Context } from 'hono';
import type { Health } from '#platform/lifecycle/health.ts';
import type { TraceVariables } from '#platform/telemetry/trace.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import type { Work } from './answers/server-timing.ts';
import type { EdgeConfig } from './config.ts';
import type { CircuitState } from './forward/circuit.ts';
import type { Refused } from './forward/guard-call.ts';
import type { Hop, Need } from './forward/hop.ts';
import type { Lane } from './forward/queue.ts';
import type { Allowance } from './limits/limiter.ts';
import type { EdgePartner } from './partners/edge-partner.ts';
import type { Store } from './store/store.ts';

/** The little of a logger that the edge uses; pino is one. */
export interface EdgeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How a call to core ends. */
export const CALL_OUTCOMES = [
  'answered',
  'failed',
  'circuit-open',
  'queue-full',
  'waited-too-long',
  'client-left',
] as const satisfies readonly ('answered' | 'failed' | Refused['why'])[];

/** What is worth counting. */
export type Observation =
  | { kind: 'request'; method: string; route: string; status: number; ms: number }
  | { kind: 'cache'; result: 'hit' | 'stale' | 'miss' | 'refused' }
  | { kind: 'limited'; caller: string }
  | { kind: 'core-unavailable' }
  | { kind: 'core-call'; lane: Lane; outcome: (typeof CALL_OUTCOMES)[number] }
  | { kind: 'core-retry' }
  | { kind: 'core-circuit'; need: Need; to: CircuitState }
  | { kind: 'store-failure' };

/** All that the edge may touch, made once by each entry. */
export interface EdgeContext {
  readonly config: EdgeConfig;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A signal that aborts after so many milliseconds, a whole number. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Resolves after so many milliseconds; only where requests cannot await one another's promises (see flight.ts). */
  readonly pause?: (ms: number) => Promise<void>;
  readonly log: EdgeLog;
  readonly observe: (observation: Observation) => void;
  /** Absent where nothing is traced. */
  readonly tracer?: Tracer | undefined;
  readonly store: Store;
  readonly hop: Hop;
  readonly health: Health;
  /** What a caller without a key is counted as: its address, of IPv6 its /64; never what a client can write. */
  readonly clientAddress: (c: Context) => string;
}

export type EdgeEnv = {
  Variables: TraceVariables & {
    /** The partner whose key the request shows. */
    partner?: EdgePartner;
    /** What the limits left to the caller. */
    allowance?: Allowance;
    /** What the route did, for Server-Timing. */
    work?: Work;
  };
};

/** The request that some work is done for. */
export interface Origin {
  readonly requestId: string;
  readonly traceparent: string;
  /**
   * Keeps work alive after the answer. A worker cancels what a gone client began, and others may wait for it:
   * whatever is shared between requests goes through here.
   */
  readonly background: (work: Promise<unknown>) => void;
}

export function originOf(c: Context<EdgeEnv>): Origin {
  return {
    requestId: c.get('requestId'),
    traceparent: c.get('traceparent'),
    background: (work) =>
      keepAlive(
        c,
        work.catch(() => undefined),
      ),
  };
}

function keepAlive(c: Context<EdgeEnv>, work: Promise<unknown>): void {
  let executionCtx: { waitUntil(work: Promise<unknown>): void } | undefined;
  try {
    executionCtx = c.executionCtx;
  } catch {
    // Node and Deno have none: a promise lives as long as the process.
  }
  executionCtx?.waitUntil(work);
}
