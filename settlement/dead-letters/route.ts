import { createRoute, z } from '@hono/zod-openapi';
import {
  DeadLetterHistory,
  DeadLetterReplayed,
  DeadLetterReplayRequest,
  DeadLetterStatus,
  DeadLetters,
  Dismissed,
  DismissRequest,
} from '#contracts/dead-letter.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { optionalBody } from '#platform/http/optional-body.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { dismissDeadLetter } from './dismiss-dead-letter.ts';
import { findDeadLetter, listDeadLetters } from './list-dead-letters.ts';
import { replayDeadLetter } from './replay-dead-letter.ts';

const security = [{ operatorToken: [] }];

const query = z.strictObject({
  status: z.enum([...DeadLetterStatus.options, 'all']).default('parked'),
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

const params = z.object({ id: z.string().regex(/^[1-9]\d{0,14}$/, 'must be the id of a dead letter, a whole number') });

/** To the first of a page. */
const FIRST = { id: '$response.body#/items/0/id' };
const LINKS = {
  nextPage: { operationId: 'listDeadLetters', parameters: { cursor: '$response.body#/nextCursor' } },
  readFirst: { operationId: 'findDeadLetter', parameters: FIRST },
  replayFirst: { operationId: 'replayDeadLetter', parameters: FIRST },
  dismissFirst: { operationId: 'dismissDeadLetter', parameters: FIRST },
};

const listRoute = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'listDeadLetters',
  summary:
    'Messages that could not be handled, oldest first, each with its reason; those that wait unless asked otherwise',
  security,
  request: { query },
  responses: { 200: { description: 'A page', ...json(DeadLetters), links: LINKS }, ...refusals(400, 401) },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/dead-letters/{id}',
  operationId: 'findDeadLetter',
  summary: 'A dead letter and all that was done about it',
  security,
  request: { params },
  responses: { 200: { description: 'With its audit', ...json(DeadLetterHistory) }, ...refusals(400, 401, 404) },
});

const replayRoute = createRoute({
  method: 'post',
  path: '/v1/dead-letters/{id}/replay',
  operationId: 'replayDeadLetter',
  summary: 'Judge a dead letter again, and those of its policy behind it; what is right by now is booked',
  security,
  middleware: optionalBody,
  request: { params, body: { required: false, ...json(DeadLetterReplayRequest) } },
  responses: { 200: { description: 'What became of it', ...json(DeadLetterReplayed) }, ...refusals(400, 401, 404) },
});

const dismissRoute = createRoute({
  method: 'post',
  path: '/v1/dead-letters/{id}/dismiss',
  operationId: 'dismissDeadLetter',
  summary: 'Give a dead letter up: it keeps no register open any more',
  security,
  request: { params, body: { required: true, ...json(DismissRequest) } },
  responses: { 200: { description: 'It is dismissed', ...json(Dismissed) }, ...refusals(400, 401, 404, 409) },
});

export function deadLetterRoutes(ctx: SettlementContext) {
  return createRouter()
    .openapi(listRoute, async (c) => {
      const { cursor, limit, status } = c.req.valid('query');
      return c.json(await listDeadLetters(ctx, { after: cursor, limit, ...(status !== 'all' && { status }) }), 200);
    })
    .openapi(findRoute, async (c) => c.json(await findDeadLetter(ctx, Number(c.req.valid('param').id)), 200))
    .openapi(replayRoute, async (c) => {
      const request = DeadLetterReplayRequest.parse(c.req.valid('json') ?? {});
      return c.json(await replayDeadLetter(ctx, { id: c.req.valid('param').id, ...request }), 200);
    })
    .openapi(dismissRoute, async (c) => {
      const { id } = c.req.valid('param');
      await dismissDeadLetter(ctx, { id, ...c.req.valid('json') });
      return c.json({ id, status: 'dismissed' as const }, 200);
    });
}
