import { Counter, type Registry } from 'prom-client';
import { STOP_REASONS, type StopReason } from './positions/place-event.ts';

/** What became of a message. */
const OUTCOMES = ['applied', 'duplicate', 'stale', 'parked', 'withheld'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A fault of the stream, which stops its partition, or anything else, for which a batch is given back. */
export type FailureReason = StopReason | 'error';

export interface Metrics {
  countEvents(outcome: Outcome, count: number): void;
  countFailure(reason: FailureReason): void;
}

/** All series begin at zero, so that the first fault is an increase that an alarm can see. */
export function createMetrics(registry: Registry): Metrics {
  const events = new Counter({
    name: 'settlement_events_total',
    help: 'Events of policies.v1 by what became of them; withheld: their partition is stopped',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'settlement_batch_failures_total',
    help: 'Faults of the stream, once for each stop of a partition; error: batches given back to come again',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) events.inc({ outcome }, 0);
  for (const reason of [...STOP_REASONS, 'error']) failures.inc({ reason }, 0);
  return {
    countEvents: (outcome, count) => events.inc({ outcome }, count),
    countFailure: (reason) => failures.inc({ reason }),
  };
}
