import { createRoute, z } from '@hono/zod-openapi';
import { PartyId } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { AggregatorContext } from '../context.ts';
import type { Schedule } from '../schedule.ts';
import { Insurers, listInsurers } from './list-insurers.ts';

const PollAnswer = z.object({
  status: z.enum(['good', 'failed', 'busy', 'already-polled']),
  changed: z.int().optional(),
  reason: z.string().optional(),
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/insurers',
  summary: 'The insurers, their last and next polls, and what they sell',
  security: [{ operatorToken: [] }],
  responses: { 200: { description: 'The insurers', ...json(Insurers) }, ...refusals(401) },
});

const pollRoute = createRoute({
  method: 'post',
  path: '/v1/insurers/{id}/poll',
  summary: 'Poll an insurer now',
  security: [{ operatorToken: [] }],
  request: { params: z.object({ id: PartyId }) },
  responses: { 200: { description: 'What became of the poll', ...json(PollAnswer) }, ...refusals(401, 404) },
});

export function insurerRoutes(ctx: AggregatorContext, schedule: Schedule) {
  return createRouter()
    .openapi(listRoute, async (c) => c.json(await listInsurers(ctx, schedule), 200))
    .openapi(pollRoute, async (c) => {
      const { id } = c.req.valid('param');
      const line = ctx.lines.find(({ insurer }) => insurer.id === id);
      if (!line) throw new NotFound(`Insurer "${id}"`);
      return c.json(await schedule.pollNow(line), 200);
    });
}
