import { createRoute, z } from '@hono/zod-openapi';
import { IdempotencyKey, IssueRequest, Policy } from '#contracts/policy.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { CoreContext } from '../context.ts';
import { requirePartner } from '../hop/require-partner.ts';
import { findPolicy } from './find-policy.ts';
import { issuePolicy } from './issue-policy.ts';

const issueRoute = createRoute({
  method: 'post',
  path: '/v1/policies',
  summary: 'Issue a policy for an offer, at the offered price',
  security: [{ partnerKey: [] }],
  request: {
    query: z.strictObject({}),
    headers: z.object({ 'idempotency-key': IdempotencyKey }),
    body: { required: true, ...json(IssueRequest) },
  },
  responses: {
    201: {
      description: 'Issued; or, with Idempotency-Replayed: true, the first answer to this Idempotency-Key',
      ...json(Policy),
    },
    ...refusals(400, 401, 409, 413, 421, 422, 429, 503),
  },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/policies/{id}',
  summary: 'A policy of your own',
  security: [{ partnerKey: [] }],
  request: { params: z.object({ id: z.string().max(80) }), query: z.strictObject({}) },
  responses: { 200: { description: 'The policy', ...json(Policy) }, ...refusals(400, 401, 404, 421, 429, 503) },
});

export function policyRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(issueRoute, async (c) => {
      const { policy, replayed } = await issuePolicy(ctx, {
        partner: await requirePartner(ctx, c),
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        request: c.req.valid('json'),
        traceparent: c.get('traceparent'),
      });
      const headers = { location: `/v1/policies/${policy.id}`, ...(replayed && { 'idempotency-replayed': 'true' }) };
      return c.json(policy, 201, headers);
    })
    .openapi(findRoute, async (c) => {
      const partner = await requirePartner(ctx, c);
      return c.json(await findPolicy(ctx, partner.id, c.req.valid('param').id), 200);
    });
}
