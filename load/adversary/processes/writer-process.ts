import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createInsertPolicy } from '../../../core/policies/issue-statement.ts';
import { createTakeNumber } from '../../../core/policies/take-number.ts';
import { seeded } from '../../bench/seeded.ts';
import { write } from '../writers/write.ts';
import { readConfig, sayReady } from './in-child.ts';

/** How a process of writers is started. It says what is committed, `aggregateId/version`; told to stop, it ends. */
export interface WriterConfig {
  readonly databaseUrl: string;
  readonly seed: number;
  readonly writers: number;
  readonly hot: readonly string[];
}

const config = readConfig<WriterConfig>();
const log = createLogger({ service: 'writer', region: 'msk', level: 'silent' });
const { sql } = openPostgres({ url: config.databaseUrl, name: 'adversary-writer', log, max: 2 * config.writers });
const stopping = new AbortController();
process.on('message', () => stopping.abort());
sayReady();
const takeNumber = createTakeNumber(sql, 'msk');
const shared = Array.from({ length: Math.ceil(config.writers / 2) }, () => createInsertPolicy(sql));
await Promise.all(
  Array.from({ length: config.writers }, (_, writer) =>
    write({
      sql,
      takeNumber,
      random: seeded(config.seed * 1_000 + writer),
      insertPolicy: shared[writer % shared.length] ?? createInsertPolicy(sql),
      hot: config.hot,
      acknowledge: (aggregateId, version) => process.send?.(`${aggregateId}/${version}`),
      signal: stopping.signal,
    }),
  ),
);
process.exit(0);
