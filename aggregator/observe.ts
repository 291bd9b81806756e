import { Counter, Histogram, type Registry } from 'prom-client';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import { BREAKER_STATES, type Line } from './insurers/open-line.ts';
import { polls, quarantine } from './tariffs/table.ts';

/** The outcomes that every insurer may come to; they begin at zero, so that a first failure is an increase. */
const OUTCOMES = ['good', 'quarantined', 'failed'] as const;

/** Counters of what polls of these insurers did. */
export function countPolls(registry: Registry, insurers: readonly string[]) {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'insurer_polls_total',
    help: 'Polls of insurers by outcome',
    labelNames: ['insurer', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'insurer_poll_seconds',
    help: 'How long a poll took, with its retries',
    labelNames: ['insurer'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  const failures = new Counter({
    name: 'insurer_poll_failures_total',
    help: 'Failed polls by what was wrong with the reply',
    labelNames: ['insurer', 'reason'],
    registers,
  });
  const retries = new Counter({
    name: 'insurer_retries_total',
    help: 'Attempts after the first of a poll',
    labelNames: ['insurer'],
    registers,
  });
  for (const insurer of insurers) {
    retries.inc({ insurer }, 0);
    for (const outcome of OUTCOMES) outcomes.inc({ insurer, outcome }, 0);
  }
  return {
    observePoll(poll: { insurer: string; outcome: string; seconds: number }) {
      outcomes.inc({ insurer: poll.insurer, outcome: poll.outcome });
      seconds.observe({ insurer: poll.insurer }, poll.seconds);
    },
    observeFailure: ({ insurer, reason }: { insurer: string; reason: string }) => failures.inc({ insurer, reason }),
    countRetry: (insurer: string) => retries.inc({ insurer }),
  };
}

/** Gauges of each line's guard, as it is when asked. */
export function observeLines(registry: Registry, lines: readonly Line[]): void {
  observeGauge(registry, {
    name: 'insurer_breaker_state',
    help: '1 for the state that the breaker of an insurer is in',
    labelNames: ['insurer', 'state'],
    read: () =>
      lines.flatMap(({ insurer, breaker }) => {
        const present = breaker();
        return BREAKER_STATES.map((state) => ({
          labels: { insurer: insurer.id, state },
          value: state === present ? 1 : 0,
        }));
      }),
  });
  observeGauge(registry, {
    name: 'insurer_bulkhead_in_use',
    help: 'Collections under way of the one that an insurer may have',
    labelNames: ['insurer'],
    read: () => lines.map(({ insurer, busy }) => ({ labels: { insurer: insurer.id }, value: busy() ? 1 : 0 })),
  });
}

/** Gauges of what the database knows, the same on every replica: whoever polls, all tell it. */
export function observeKnown(registry: Registry, { db, now }: { db: Db; now: () => Date }): void {
  observeGauge(registry, {
    name: 'insurer_as_of_age_seconds',
    help: 'Since an insurer last answered well; absent until it has',
    labelNames: ['insurer'],
    read: async () =>
      (await db.select().from(polls)).flatMap(({ insurer, asOf }) =>
        asOf === null ? [] : { labels: { insurer }, value: (now().getTime() - Date.parse(asOf)) / 1000 },
      ),
  });
  observeGauge(registry, {
    name: 'insurer_last_poll_ok',
    help: '1 when the last poll of an insurer was good, 0 when it was not; absent until it was polled',
    labelNames: ['insurer'],
    read: async () =>
      (await db.select().from(polls)).map(({ insurer, outcome }) => ({
        labels: { insurer },
        value: outcome === 'good' ? 1 : 0,
      })),
  });
  observeGauge(registry, {
    name: 'insurer_quarantined',
    help: 'Since when the replies of an insurer are not believed, seconds since 1970; absent when they are',
    labelNames: ['insurer'],
    read: async () =>
      (await db.select().from(quarantine)).map(({ insurer, since }) => ({
        labels: { insurer },
        value: Date.parse(since) / 1000,
      })),
  });
}
