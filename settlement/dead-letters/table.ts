import { sql } from 'drizzle-orm';
import { bigint, check, customType, index, smallint, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { DeadLetterAction, DeadLetterStatus } from '#contracts/dead-letter.ts';
import { settlement } from '../schema.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * Messages that can never be handled as they are, whole. `epoch` and `sequence` are the message's place; one without a
 * place of its own bears the place it came after. `raw` is bytes: a text column takes no NUL.
 */
export const deadLetters = settlement.table(
  'dead_letters',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    topic: text('topic').notNull(),
    partition: smallint('partition').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** Null when the message has no place of its own: then nothing it says of itself is believed. */
    eventId: uuid('event_id'),
    aggregateId: text('aggregate_id'),
    reason: text('reason').notNull(),
    detail: text('detail').notNull(),
    raw: bytea('raw').notNull(),
    /** SHA-256 of `raw`, base64url: a message without a place is known again by it. */
    digest: text('digest').notNull(),
    parkedAt: timestamp('parked_at', { withTimezone: true, mode: 'string' }).notNull(),
    status: text('status').$type<DeadLetterStatus>().notNull().default('parked'),
    /** Whose register, and of which month, it may be missing in: null when it does not say so clearly. */
    insurer: text('insurer'),
    occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }),
  },
  (table) => [
    uniqueIndex('dead_letters_event').on(table.eventId).where(sql`${table.eventId} is not null`),
    index('dead_letters_aggregate').on(table.aggregateId),
    index('dead_letters_waiting').on(table.id).where(sql`${table.status} = 'parked'`),
    check('dead_letters_status', sql`${table.status} in ('parked', 'booked', 'dismissed')`),
    index('dead_letters_unplaced').on(table.topic, table.partition, table.digest).where(sql`${table.eventId} is null`),
  ],
);

/** Who replayed or dismissed a dead letter, when, why, and what came of it. Append-only by trigger. */
export const deadLetterActions = settlement.table(
  'dead_letter_actions',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    deadLetterId: bigint('dead_letter_id', { mode: 'number' })
      .notNull()
      .references(() => deadLetters.id),
    action: text('action').$type<DeadLetterAction['action']>().notNull(),
    by: text('by').notNull(),
    reason: text('reason'),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
    outcome: text('outcome').$type<DeadLetterAction['outcome']>().notNull(),
    detail: text('detail'),
  },
  (table) => [index('dead_letter_actions_of').on(table.deadLetterId)],
);
