import { Counter, type Registry } from 'prom-client';

/** What became of a message. */
const OUTCOMES = ['applied', 'duplicate', 'stale', 'parked'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a batch was given back: three faults of the stream, which stop its partition, or anything else. */
const FAILURES = ['gap', 'number-reused', 'version-hole', 'error'] as const;
export type FailureReason = (typeof FAILURES)[number];

export interface Metrics {
  countEvents(outcome: Outcome, count: number): void;
  countFailure(reason: FailureReason): void;
}

/** All series begin at zero, so that the first fault is an increase that an alarm can see. */
export function createMetrics(registry: Registry): Metrics {
  const events = new Counter({
    name: 'settlement_events_total',
    help: 'Events of policies.v1 by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'settlement_batch_failures_total',
    help: 'Batches given back to come again; while a partition is stopped this grows at least every 5 s',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) events.inc({ outcome }, 0);
  for (const reason of FAILURES) failures.inc({ reason }, 0);
  return {
    countEvents: (outcome, count) => events.inc({ outcome }, count),
    countFailure: (reason) => failures.inc({ reason }),
  };
}
