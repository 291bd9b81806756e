import type { Sql } from 'postgres';
import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import { idAfterLast } from './id-after-last.ts';
import { markFirst } from './mark-first.ts';
import { skipLocked } from './skip-locked.ts';
import { unfenced } from './unfenced.ts';
import { xidCursor } from './xid-cursor.ts';

/** What a naive outbox is made of. */
export interface MutantContext {
  readonly sql: Sql;
  readonly openReal: () => OutboxSession;
}

/** Outboxes as they are often written, for the real relay to work on: each is the real one but for its fault. */
export const RELAY_MUTANTS = {
  'id-after-last': idAfterLast,
  'skip-locked': skipLocked,
  'xid-cursor': xidCursor,
  'mark-first': markFirst,
  unfenced,
} as const satisfies Record<string, (ctx: MutantContext) => OutboxSession>;

export type RelayName = 'real' | keyof typeof RELAY_MUTANTS;
