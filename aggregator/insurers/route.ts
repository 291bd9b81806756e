import { createRoute, z } from '@hono/zod-openapi';
import { plainText } from '#contracts/plain-text.ts';
import { PartyId } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { AggregatorContext } from '../context.ts';
import type { Schedule } from '../schedule.ts';
import { releaseInsurer } from '../tariffs/release-insurer.ts';
import { Insurers, listInsurers } from './list-insurers.ts';

const PollAnswer = z.object({
  status: z.enum(['good', 'failed', 'quarantined', 'busy', 'resting', 'already-polled']),
  changed: z.int().optional(),
  reason: z.string().optional(),
  findings: z.array(z.string()).optional(),
});

const Release = z.strictObject({
  why: plainText({ least: 1, most: 500 }).meta({ example: 'the new rates were confirmed by telephone' }),
});

/** To what is said of the first of them. */
const LINKS = {
  pollFirst: { operationId: 'pollInsurer', parameters: { id: '$response.body#/insurers/0/id' } },
  releaseFirst: { operationId: 'releaseInsurer', parameters: { id: '$response.body#/insurers/0/id' } },
};

const listRoute = createRoute({
  method: 'get',
  path: '/v1/insurers',
  summary: 'The insurers, their last and next polls, and what they sell',
  security: [{ operatorToken: [] }],
  responses: { 200: { description: 'The insurers', ...json(Insurers), links: LINKS }, ...refusals(401) },
});

const pollRoute = createRoute({
  method: 'post',
  path: '/v1/insurers/{id}/poll',
  operationId: 'pollInsurer',
  summary: 'Poll an insurer now',
  security: [{ operatorToken: [] }],
  request: { params: z.object({ id: PartyId }) },
  responses: { 200: { description: 'What became of the poll', ...json(PollAnswer) }, ...refusals(400, 401, 404) },
});

const releaseRoute = createRoute({
  method: 'post',
  path: '/v1/insurers/{id}/quarantine/release',
  operationId: 'releaseInsurer',
  summary: 'Publish the reply put aside of an insurer, as it was collected',
  security: [{ operatorToken: [] }],
  request: { params: z.object({ id: PartyId }), body: { required: true, ...json(Release) } },
  responses: {
    200: { description: 'It is published', ...json(z.object({ status: z.literal('released'), changed: z.int() })) },
    ...refusals(400, 401, 404),
  },
});

export function insurerRoutes(ctx: AggregatorContext, schedule: Schedule) {
  return createRouter()
    .openapi(listRoute, async (c) => c.json(await listInsurers(ctx, schedule), 200))
    .openapi(pollRoute, async (c) => {
      const { id } = c.req.valid('param');
      const line = ctx.lines.find(({ insurer }) => insurer.id === id);
      if (!line) throw new NotFound(`Insurer "${id}"`);
      const outcome = await schedule.pollNow(line);
      return c.json('findings' in outcome ? { ...outcome, findings: [...outcome.findings] } : outcome, 200);
    })
    .openapi(releaseRoute, async (c) => {
      const { id } = c.req.valid('param');
      const { why } = c.req.valid('json');
      return c.json({ status: 'released' as const, changed: await releaseInsurer(ctx, { insurer: id, why }) }, 200);
    });
}
