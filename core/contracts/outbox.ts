import { z } from 'zod';
import { plainText } from './plain-text.ts';
import { POLICIES } from './topics.ts';
import { Instant } from './words.ts';

const Partition = z
  .int()
  .min(0)
  .max(POLICIES.partitions - 1);
const Count = z.int().nonnegative();

/** `GET /v1/outbox`: how far the events of core are sent. */
export const OutboxStatus = z
  .object({
    /** Events committed and not acknowledged by the topic. */
    backlog: Count,
    /** Since the first of the backlog happened; null when there is none. */
    oldestAgeSeconds: z.number().nonnegative().nullable(),
    partitions: z.array(
      z.object({ partition: Partition, epoch: Count, sequence: Count, backlog: Count, oldestAt: Instant.nullable() }),
    ),
  })
  .meta({ id: 'OutboxStatus' });
export type OutboxStatus = z.infer<typeof OutboxStatus>;

/** Nothing happened before, and Postgres has no year 0000. */
const FIRST = Date.UTC(2000, 0, 1);
const AnyInstant = z.iso.datetime({ offset: true }).refine((text) => Date.parse(text) >= FIRST);
const EventId = z.uuid();

/** Where a replay begins, as an operator writes it. */
const ReplayPoint = z
  .string()
  .refine(
    (text) => text === 'beginning' || AnyInstant.safeParse(text).success || EventId.safeParse(text).success,
    'must be "beginning", an instant (RFC 3339, such as 2026-11-22T10:00:00Z) or the id of an event',
  )
  .meta({ example: '2026-11-22T10:00:00Z' });

/** `POST /v1/outbox/replay`. The reason is for whoever reads the log later. */
export const ReplayRequest = z
  .strictObject({
    from: ReplayPoint,
    partitions: z
      .array(Partition)
      .min(1)
      .refine((all) => new Set(all).size === all.length, 'must name each partition once')
      .meta({ uniqueItems: true })
      .optional(),
    reason: plainText({ least: 1, most: 500 }),
  })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** What is sent again. */
export const ReplayAnswer = z
  .object({
    events: Count,
    partitions: z.array(z.object({ partition: Partition, events: Count })),
    /** Events up to this moment are not kept any more and are not sent; null when all are kept. */
    keptAfter: Instant.nullable(),
  })
  .meta({ id: 'ReplayAnswer' });
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
