import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { BREAKER_STATES, type Line } from './insurers/open-line.ts';
import { polls, quarantine } from './tariffs/table.ts';

/** Counters of what polls did. */
export function countPolls(registry: Registry) {
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
  new Gauge({
    name: 'insurer_breaker_state',
    help: '1 for the state that the breaker of an insurer is in',
    labelNames: ['insurer', 'state'],
    registers: [registry],
    collect() {
      for (const { insurer, breaker } of lines) {
        const present = breaker();
        for (const state of BREAKER_STATES) this.set({ insurer: insurer.id, state }, state === present ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'insurer_bulkhead_in_use',
    help: 'Collections under way of the one that an insurer may have',
    labelNames: ['insurer'],
    registers: [registry],
    collect() {
      for (const { insurer, busy } of lines) this.set({ insurer: insurer.id }, busy() ? 1 : 0);
    },
  });
}

/** Gauges of what the database knows, the same on every replica: whoever polls, all tell it. */
export function observeKnown(registry: Registry, { db, now }: { db: Db; now: () => Date }): void {
  const ages = new Gauge({
    name: 'insurer_as_of_age_seconds',
    help: 'Since an insurer last answered well; absent until it has',
    labelNames: ['insurer'],
    registers: [registry],
    async collect() {
      // Without the database there is nothing to tell; the other metrics must not be lost for it.
      const rows = await db
        .select()
        .from(polls)
        .catch(() => []);
      ages.reset();
      for (const { insurer, asOf } of rows) {
        if (asOf !== null) ages.set({ insurer }, (now().getTime() - Date.parse(asOf)) / 1000);
      }
    },
  });
  const held = new Gauge({
    name: 'insurer_quarantined',
    help: 'Since when the replies of an insurer are not believed, seconds since 1970; absent when they are',
    labelNames: ['insurer'],
    registers: [registry],
    async collect() {
      const rows = await db
        .select()
        .from(quarantine)
        .catch(() => []);
      held.reset();
      for (const { insurer, since } of rows) held.set({ insurer }, Date.parse(since) / 1000);
    },
  });
}
