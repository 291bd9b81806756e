import type { Sql } from 'postgres';
import type { Product } from '#contracts/words.ts';
import type { Db } from '#platform/postgres/open-postgres.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { FindCommissionRate } from './catalogue/find-commission-rate.ts';
import type { KeyRing } from './offers/key-ring.ts';
import type { PartnerDirectory } from './partners/partner-directory.ts';
import type { InsertPolicy } from './policies/issue-statement.ts';
import type { TakeNumber } from './policies/take-number.ts';
import type { FreshnessLimits } from './quotes/freshness.ts';

/** All that core's verbs may touch, made once in main.ts. */
export interface CoreContext {
  readonly region: string;
  readonly db: Db;
  readonly sql: Sql;
  readonly now: () => Date;
  readonly log: Logger;
  readonly catalogue: Catalogue;
  readonly offerKeys: KeyRing;
  readonly freshnessLimits: FreshnessLimits;
  /** Counts what became of an insurer in a quote. */
  readonly countOutcome: (outcome: { product: Product; insurer: string; status: string }) => void;
  /** Base URL of a region, seen from outside; undefined when unknown. */
  readonly homeOf: (region: string) => string | undefined;
  readonly partners: PartnerDirectory;
  readonly findCommissionRate: FindCommissionRate;
  readonly takeNumber: TakeNumber;
  readonly insertPolicy: InsertPolicy;
  /** Says that an event was just committed, and in which partition of the outbox if one is known. */
  readonly poke: (partition?: number) => void;
}
