import { createRoute, z } from '@hono/zod-openapi';
import { CancelRequest, IdempotencyKey, IssueRequest, Policies, Policy } from '#contracts/policy.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { CoreContext } from '../context.ts';
import { requirePartner } from '../hop/require-partner.ts';
import { deadlineOf } from '../hop/require-time.ts';
import { cancelPolicy } from './cancel-policy.ts';
import { findPolicy } from './find-policy.ts';
import { issuePolicy } from './issue-policy.ts';
import { DEFAULT_ITEMS, listPolicies, MOST_ITEMS } from './list-policies.ts';

const params = z.object({ id: z.string().max(80) });
const headers = z.object({ 'idempotency-key': IdempotencyKey });

/** What can be done with a policy that an answer holds. */
const LINKS = {
  read: { operationId: 'findPolicy', parameters: { id: '$response.body#/id' } },
  cancel: { operationId: 'cancelPolicy', parameters: { id: '$response.body#/id' } },
};
/** And with a page of them. */
const PAGE_LINKS = {
  nextPage: { operationId: 'listPolicies', parameters: { cursor: '$response.body#/nextCursor' } },
  readNewest: { operationId: 'findPolicy', parameters: { id: '$response.body#/items/0/id' } },
};

const issueRoute = createRoute({
  method: 'post',
  path: '/v1/policies',
  operationId: 'issuePolicy',
  summary: 'Issue a policy for an offer, at the offered price',
  security: [{ partnerKey: [] }],
  request: { query: z.strictObject({}), headers, body: { required: true, ...json(IssueRequest) } },
  responses: {
    201: {
      description: 'Issued; or, with Idempotency-Replayed: true, the first answer to this Idempotency-Key',
      ...json(Policy),
      links: LINKS,
    },
    ...refusals(400, 401, 408, 409, 413, 421, 422, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/policies',
  operationId: 'listPolicies',
  summary: 'Policies of your own, newest first',
  description: `Policies that were there when the first page was asked for come once each, whatever is issued meanwhile.`,
  security: [{ partnerKey: [] }],
  request: {
    query: z.strictObject({
      limit: z
        .string()
        .regex(/^([1-9]\d?|100)$/, `must be an integer from 1 to ${MOST_ITEMS}`)
        .transform(Number)
        .optional()
        .meta({ type: 'integer', minimum: 1, maximum: MOST_ITEMS, default: DEFAULT_ITEMS }),
      cursor: z.string().optional().meta({ description: 'the nextCursor of the page before' }),
    }),
  },
  responses: {
    200: { description: 'A page; without nextCursor it is the last', ...json(Policies), links: PAGE_LINKS },
    ...refusals(400, 401, 429, 503),
  },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/policies/{id}',
  operationId: 'findPolicy',
  summary: 'A policy of your own',
  security: [{ partnerKey: [] }],
  request: { params, query: z.strictObject({}) },
  responses: {
    200: { description: 'The policy', ...json(Policy), links: { cancel: LINKS.cancel } },
    ...refusals(400, 401, 404, 421, 429, 503),
  },
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/v1/policies/{id}/cancel',
  operationId: 'cancelPolicy',
  summary: 'Cancel a policy of your own, with the refund that is due',
  description:
    'The whole premium goes back within 14 days of the contract if cover has not begun; else the part of the days after ' +
    'today, of OSAGO 77 % of it. Days are those of Europe/Moscow. Keys of cancellations and of issues are apart.',
  security: [{ partnerKey: [] }],
  request: { params, query: z.strictObject({}), headers, body: { required: true, ...json(CancelRequest) } },
  responses: {
    200: {
      description: 'Cancelled; or, with Idempotency-Replayed: true, the answer of when it was',
      ...json(Policy),
      links: { read: LINKS.read },
    },
    ...refusals(400, 401, 404, 408, 409, 413, 421, 422, 429, 503),
  },
});

export function policyRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(issueRoute, async (c) => {
      const { policy, replayed } = await issuePolicy(ctx, {
        partner: await requirePartner(ctx, c),
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        request: c.req.valid('json'),
        traceparent: c.get('traceparent'),
        deadline: deadlineOf(c),
      });
      return c.json(policy, 201, { location: `/v1/policies/${policy.id}`, ...said(replayed) });
    })
    .openapi(listRoute, async (c) => {
      const partner = await requirePartner(ctx, c);
      return c.json(await listPolicies(ctx, { partnerId: partner.id, ...c.req.valid('query') }), 200);
    })
    .openapi(findRoute, async (c) => {
      const partner = await requirePartner(ctx, c);
      return c.json(await findPolicy(ctx, partner.id, c.req.valid('param').id), 200);
    })
    .openapi(cancelRoute, async (c) => {
      const { policy, replayed } = await cancelPolicy(ctx, {
        partner: await requirePartner(ctx, c),
        policyId: c.req.valid('param').id,
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        request: c.req.valid('json'),
        traceparent: c.get('traceparent'),
        deadline: deadlineOf(c),
      });
      return c.json(policy, 200, said(replayed));
    });
}

const said = (replayed: boolean): Record<string, string> => (replayed ? { 'idempotency-replayed': 'true' } : {});
