import type { Sql } from 'postgres';
import type { Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import { type OutboxStatus, readStatus } from './read-status.ts';

interface Observed {
  readonly sql: Sql;
  readonly schema: string;
  readonly topic: Topic;
  /** Milliseconds since 1970, as the events' own times. */
  readonly now: () => number;
}

/** However often it is scraped, the outbox is counted at most once in this. */
const FRESH_MS = 5_000;
/** Rows counted of a partition at most: a scrape must stay short however long Kafka is away. */
const MOST_COUNTED = 100_000;

/**
 * What to be alerted on when events do not get away, as without Kafka: how many wait, and how long the first has. Absent,
 * not zero, as long as the database does not say.
 */
export function observeOutbox(registry: Registry, ctx: Observed): void {
  let known: { at: number; status: Promise<OutboxStatus | undefined> } | undefined;
  const status = () => {
    if (!known || ctx.now() - known.at >= FRESH_MS) {
      const read = readStatus(ctx.sql, { ...ctx, most: MOST_COUNTED });
      known = { at: ctx.now(), status: read.catch(() => undefined) };
    }
    return known.status;
  };
  const gauge = (of: { name: string; help: string; value: (status: OutboxStatus) => number }) =>
    observeGauge(registry, {
      name: of.name,
      help: of.help,
      labelNames: ['topic'],
      async read() {
        const known = await status();
        return known ? [{ labels: { topic: ctx.topic.name }, value: of.value(known) }] : [];
      },
    });
  gauge({
    name: 'outbox_backlog_events',
    help: 'Events committed and not acknowledged by the topic; at most 100,000 are counted of a partition',
    value: ({ backlog }) => backlog,
  });
  gauge({
    name: 'outbox_oldest_age_seconds',
    help: 'Since the first event that is not acknowledged happened; 0 when there is none',
    value: ({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, (ctx.now() - Date.parse(oldestAt)) / 1000)),
  });
}
