import { Registry } from 'prom-client';
import type { Batch } from '#platform/events/transport.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { handleBatch } from '../../../settlement/intake/handle-batch.ts';
import { createBooks } from '../../../settlement/intake/write-books.ts';
import { createMetrics } from '../../../settlement/metrics.ts';
import { handOver } from './handed-over.ts';
import type { Database } from './stand.ts';
import type { Work } from './stream.ts';
import { readTally, requireMore, type Tally } from './tally.ts';

/** Takes a batch of a partition. */
export type Take = (batch: Batch) => Promise<void>;

const log = createLogger({ service: 'bench', region: 'msk', level: 'silent' });

/** Settlement's own books on a database, and what its counter says became of events. */
export function openBooks({ sql }: Pick<Database, 'sql'>, now: () => Date = () => new Date()) {
  const registry = new Registry();
  const books = createBooks({ sql, now });
  const ctx = { region: 'msk', books, log, metrics: createMetrics(registry) };
  const take: Take = (batch) => handleBatch(ctx, batch);
  return {
    take,
    async count(outcome: 'applied' | 'duplicate'): Promise<number> {
      const metric = await registry.getSingleMetric('settlement_events_total')?.get();
      return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? Number.NaN;
    },
  };
}

/** Seconds that all takes, handed over as by Kafka. */
export async function timeLanes({ lanes }: Pick<Work, 'lanes'>, take: Take): Promise<number> {
  const startedAt = performance.now();
  await handOver(lanes, take);
  return (performance.now() - startedAt) / 1_000;
}

/** Events a second. The gate: the books hold what the events come to, or what `wanted` says. */
export async function eventsPerSecond(
  { admin }: Pick<Database, 'admin'>,
  { work, take, wanted = work.tally }: { work: Work; take: Take; wanted?: Tally },
): Promise<number> {
  const before = await readTally(admin);
  const seconds = await timeLanes(work, take);
  requireMore({ before, after: await readTally(admin), tally: wanted });
  return work.events / seconds;
}
