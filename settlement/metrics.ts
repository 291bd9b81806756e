import { Counter, type Registry } from 'prom-client';
import { ReplayOutcome } from '#contracts/dead-letter.ts';
import { STOP_REASONS, type StopReason } from './positions/place-event.ts';

/** What became of a message. */
const OUTCOMES = ['applied', 'noted', 'duplicate', 'stale', 'parked', 'withheld'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A fault of the stream, which stops its partition, or anything else, for which a batch is given back. */
export type FailureReason = StopReason | 'error';

const CLOSE_OUTCOMES = ['closed', 'refused'] as const;
export type CloseOutcome = (typeof CLOSE_OUTCOMES)[number];

export interface Metrics {
  countEvents(outcome: Outcome, count: number): void;
  countFailure(reason: FailureReason): void;
  countReplay(outcome: ReplayOutcome): void;
  countClose(outcome: CloseOutcome): void;
}

/** All series begin at zero, so that the first fault is an increase that an alarm can see. */
export function createMetrics(registry: Registry): Metrics {
  const events = new Counter({
    name: 'settlement_events_total',
    help: 'Events of policies.v1 by what became of them; noted: the end of a day; withheld: their partition is stopped',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'settlement_batch_failures_total',
    help: 'Faults of the stream, once for each stop of a partition; error: batches given back to come again',
    labelNames: ['reason'],
    registers: [registry],
  });
  const replays = new Counter({
    name: 'settlement_dead_letter_replays_total',
    help: 'Dead letters judged again for an operator, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const closes = new Counter({
    name: 'settlement_register_closes_total',
    help: 'Registers closed, and refusals to close one',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ReplayOutcome.options) replays.inc({ outcome }, 0);
  for (const outcome of CLOSE_OUTCOMES) closes.inc({ outcome }, 0);
  for (const outcome of OUTCOMES) events.inc({ outcome }, 0);
  for (const reason of [...STOP_REASONS, 'error']) failures.inc({ reason }, 0);
  return {
    countEvents: (outcome, count) => events.inc({ outcome }, count),
    countFailure: (reason) => failures.inc({ reason }),
    countReplay: (outcome) => replays.inc({ outcome }),
    countClose: (outcome) => closes.inc({ outcome }),
  };
}
