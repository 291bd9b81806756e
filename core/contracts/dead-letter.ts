import { z } from 'zod';
import { operator } from './register.ts';
import { Instant } from './words.ts';

/** `parked` waits for an operator; `booked` was replayed; `dismissed` will never be booked, as an operator decided. */
export const DeadLetterStatus = z.enum(['parked', 'booked', 'dismissed']);
export type DeadLetterStatus = z.infer<typeof DeadLetterStatus>;

/** A message that could not be handled: what it is and why, never what is in it. */
export const DeadLetter = z
  .strictObject({
    id: z.string().meta({ example: '17' }),
    status: DeadLetterStatus,
    topic: z.string(),
    partition: z.int(),
    epoch: z.int().meta({ description: 'its place; without an eventId, the place it came after' }),
    sequence: z.int(),
    eventId: z.uuid().nullable(),
    aggregateId: z.string().nullable(),
    reason: z.string().meta({ example: 'invalid-event' }),
    detail: z.string(),
    bytes: z.int().meta({ description: 'length of the message' }),
    parkedAt: Instant,
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetters = z
  .strictObject({ items: z.array(DeadLetter), nextCursor: z.string().optional() })
  .meta({ id: 'DeadLetters' });

/** What became of a replay: booked; known already; or refused again, with the reason that holds now. */
export const ReplayOutcome = z.enum(['booked', 'duplicate', 'refused']);
export type ReplayOutcome = z.infer<typeof ReplayOutcome>;

/** A row of the audit. */
export const DeadLetterAction = z
  .strictObject({
    action: z.enum(['replay', 'dismiss']),
    by: z.string(),
    reason: z.string().nullable(),
    at: Instant,
    outcome: z.enum([...ReplayOutcome.options, 'dismissed']),
    detail: z.string().nullable().meta({ description: 'why it was refused again' }),
  })
  .meta({ id: 'DeadLetterAction' });
export type DeadLetterAction = z.infer<typeof DeadLetterAction>;

/** One dead letter with all that was done about it, oldest first. */
export const DeadLetterHistory = DeadLetter.extend({ actions: z.array(DeadLetterAction) }).meta({
  id: 'DeadLetterHistory',
});

/** `POST /v1/dead-letters/{id}/replay`. A replay books only what is right by now, so it may be asked for without a reason. */
export const DeadLetterReplayRequest = z
  .strictObject({ by: operator.by, reason: operator.reason.optional() })
  .meta({ id: 'DeadLetterReplayRequest' });

const Replayed = z.strictObject({
  id: z.string(),
  outcome: ReplayOutcome,
  reason: z.string().optional().meta({ description: 'of a refusal' }),
  detail: z.string().optional().meta({ description: 'of a refusal' }),
});

/** The dead letter, and those of the same policy behind it, in the order they were taken. */
export const DeadLetterReplayed = Replayed.extend({ behind: z.array(Replayed) }).meta({ id: 'DeadLetterReplayed' });
export type DeadLetterReplayed = z.infer<typeof DeadLetterReplayed>;

/** `POST /v1/dead-letters/{id}/dismiss`: it no longer keeps a month open. Events of its policy are parked as before. */
export const DismissRequest = z.strictObject(operator).meta({ id: 'DismissRequest' });

export const Dismissed = z
  .strictObject({ id: z.string(), status: z.literal('dismissed') })
  .meta({ id: 'DismissedDeadLetter' });
