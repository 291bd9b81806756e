import { Registry } from 'prom-client';
import { POLICIES } from '#contracts/topics.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { handleBatch } from '../../../settlement/intake/handle-batch.ts';
import { createBooks } from '../../../settlement/intake/write-books.ts';
import { createMetrics } from '../../../settlement/metrics.ts';
import { bookFromMemory } from '../mutants/memory-dedup.ts';
import { connectTopic } from '../topic/connect-topic.ts';
import { readConfig, sayReady } from './in-child.ts';
import { openPool } from './open-pool.ts';

export type ConsumerName = 'real' | 'memory-dedup';

/** How a consumer process is started. */
export interface ConsumerConfig {
  readonly databaseUrl: string;
  readonly topicPort: number;
  readonly consumer: ConsumerName;
}

const config = readConfig<ConsumerConfig>();
const sql = openPool(config.databaseUrl, { name: 'adversary-consumer', max: 8 });
const ctx = {
  region: 'msk',
  books: createBooks({ sql, now: () => new Date() }),
  metrics: createMetrics(new Registry()),
  log: createLogger({ service: 'consumer', region: 'msk', level: 'silent' }),
};
const handle = config.consumer === 'real' ? handleBatch.bind(undefined, ctx) : bookFromMemory(sql);
const subscription = await connectTopic(config.topicPort).subscribe(POLICIES, 'ins-comp-settlement', handle);
sayReady();
await subscription.done;
