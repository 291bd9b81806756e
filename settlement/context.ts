import type { Sql } from 'postgres';
import type { Db } from '#platform/postgres/open-postgres.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import type { Books } from './intake/books.ts';
import type { Metrics } from './metrics.ts';

/** All that settlement's verbs may touch, made once in main.ts. */
export interface SettlementContext {
  readonly region: string;
  readonly db: Db;
  readonly sql: Sql;
  readonly books: Books;
  readonly now: () => Date;
  readonly log: Logger;
  readonly metrics: Metrics;
}
