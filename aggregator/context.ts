import type { Sql } from 'postgres';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Db } from '#platform/postgres/open-postgres.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import type { InsurerContext } from './insurers/insurer.ts';
import type { Line } from './insurers/open-line.ts';

/** All that the aggregator's verbs may touch, made once in main.ts. */
export interface AggregatorContext {
  readonly db: Db;
  readonly sql: Sql;
  readonly log: Logger;
  readonly fetch: InsurerContext['fetch'];
  readonly now: () => Date;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly wait: Wait;
  readonly lines: readonly Line[];
  readonly observePoll: (poll: { insurer: string; outcome: string; seconds: number }) => void;
  readonly observeFailure: (failure: { insurer: string; reason: string }) => void;
  /** Says that an event was just committed. */
  readonly poke: () => void;
}
