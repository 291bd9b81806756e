import { createRoute } from '@hono/zod-openapi';
import { OutboxStatus, ReplayAnswer, ReplayRequest } from '#contracts/outbox.ts';
import { POLICIES } from '#contracts/topics.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import { readStatus } from '#platform/outbox/read-status.ts';
import type { CoreContext } from '../context.ts';
import { replayPolicies } from './replay-policies.ts';

const statusRoute = createRoute({
  method: 'get',
  path: '/v1/outbox',
  summary: 'How far the events of policies are sent: what waits, and since when',
  security: [{ operatorToken: [] }],
  responses: {
    200: { description: 'All partitions, whether a relay is alive or not', ...json(OutboxStatus) },
    ...refusals(401),
  },
});

const replayRoute = createRoute({
  method: 'post',
  path: '/v1/outbox/replay',
  summary: 'Send the events of policies again, from a point on',
  security: [{ operatorToken: [] }],
  request: { body: { required: true, ...json(ReplayRequest) } },
  responses: {
    200: { description: 'What the relay will send again', ...json(ReplayAnswer) },
    ...refusals(400, 401),
  },
});

/** The operator's routes. */
export function outboxRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(statusRoute, async (c) => {
      const { backlog, oldestAt, partitions } = await readStatus(ctx.sql, { schema: 'core', topic: POLICIES });
      const ageMs = oldestAt === null ? null : ctx.now().getTime() - Date.parse(oldestAt);
      const oldestAgeSeconds = ageMs === null ? null : Math.max(0, ageMs / 1000);
      return c.json({ backlog, oldestAgeSeconds, partitions: [...partitions] }, 200);
    })
    .openapi(replayRoute, async (c) => c.json(await replayPolicies(ctx, c.req.valid('json')), 200));
}
