import { createRoute, z } from '@hono/zod-openapi';
import { Partner, PartnerTerms } from '#contracts/partner.ts';
import { PartyId } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { findPartner } from './find-partner.ts';
import { setPartner } from './set-partner.ts';
import { versionOf } from './version-of.ts';

const params = z.object({ id: PartyId });
const headers = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'the ETag of the terms that were read: others are left alone' }),
});
const found = { 200: { description: 'The partner and its terms', ...json(Partner) } };

const getRoute = createRoute({
  method: 'get',
  path: '/v1/partners/{id}',
  summary: 'A partner and its terms',
  security: [{ operatorToken: [] }],
  request: { params },
  responses: { ...found, ...refusals(400, 401, 404) },
});

const putRoute = createRoute({
  method: 'put',
  path: '/v1/partners/{id}',
  summary: "Set a partner's terms and the digests of its live keys",
  security: [{ operatorToken: [] }],
  description: 'With If-Match two operators at once cannot undo what the other did.',
  request: { params, headers, body: { required: true, ...json(PartnerTerms) } },
  responses: { ...found, ...refusals(400, 401, 412) },
});

/** What edge asks once for each partner it meets; behind the signed hop. */
const internalRoute = createRoute({
  method: 'get',
  path: '/internal/partners/{id}',
  summary: 'A partner, for edge',
  hide: true,
  request: { params },
  responses: { ...found, ...refusals(401, 404) },
});

async function requireFound(ctx: CoreContext, id: string): Promise<Partner> {
  const partner = await findPartner(ctx, id);
  if (!partner) throw new NotFound(`Partner "${id}"`);
  return partner;
}

/** The operator's routes. */
export function partnerRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(getRoute, async (c) => {
      const partner = await requireFound(ctx, c.req.valid('param').id);
      return c.json(partner, 200, { etag: versionOf(partner) });
    })
    .openapi(putRoute, async (c) => {
      const asked = { id: c.req.valid('param').id, ...c.req.valid('json') };
      const partner = await setPartner(ctx, asked, { ifMatch: c.req.valid('header')['if-match'] });
      return c.json(partner, 200, { etag: versionOf(partner) });
    });
}

/** Edge's route. */
export function internalPartnerRoutes(ctx: CoreContext) {
  return createRouter().openapi(internalRoute, async (c) =>
    c.json(await requireFound(ctx, c.req.valid('param').id), 200),
  );
}
