import { createRoute, z } from '@hono/zod-openapi';
import { Instant } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { listDeadLetters } from './list-dead-letters.ts';

const DeadLetter = z
  .strictObject({
    id: z.string(),
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

const DeadLetters = z
  .strictObject({ items: z.array(DeadLetter), nextCursor: z.string().optional() })
  .meta({ id: 'DeadLetters' });

const query = z.strictObject({
  limit: z
    .string()
    .regex(/^([1-9]\d?|[1-4]\d\d|500)$/, 'must be an integer from 1 to 500')
    .default('100')
    .transform(Number),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the nextCursor of a page')
    .default('0')
    .transform(Number),
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  summary: 'Messages that could not be handled, oldest first, each with its reason',
  security: [{ operatorToken: [] }],
  request: { query },
  responses: { 200: { description: 'A page', ...json(DeadLetters) }, ...refusals(400, 401) },
});

export function deadLetterRoutes(ctx: SettlementContext) {
  return createRouter().openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid('query');
    return c.json(await listDeadLetters(ctx, { after: cursor, limit }), 200);
  });
}
