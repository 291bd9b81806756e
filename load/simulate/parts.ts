import type { Batch } from '#platform/events/transport.ts';
import { LAW, type Law } from './books/books.ts';
import { createPublish } from './broker/produce.ts';
import { openOutbox } from './database/open-outbox.ts';
import { STATEMENTS, type Statements } from './database/statements.ts';

export type Handle = (batch: Batch) => Promise<void>;

/** What a run is put together from: right as it is, and each part to be taken by a faulty one. */
export interface Parts {
  readonly statements: Statements;
  readonly openOutbox: typeof openOutbox;
  readonly createPublish: typeof createPublish;
  /** Of the books of one consumer's process, whose memory it may be. */
  readonly law: () => Law;
  /** Around the real handleBatch. */
  readonly handling: (handle: Handle) => Handle;
  /** An offset is noted before the batch is in the books. */
  readonly commitsOffsetFirst: boolean;
}

export const PARTS: Parts = {
  statements: STATEMENTS,
  openOutbox,
  createPublish,
  law: () => LAW,
  handling: (handle) => handle,
  commitsOffsetFirst: false,
};

/** A fault that somebody could have made, and that a simulation must find. */
export interface Fault {
  readonly name: string;
  readonly does: string;
  plant(parts: Parts): Parts;
}
