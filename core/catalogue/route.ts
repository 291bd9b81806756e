import { createRoute } from '@hono/zod-openapi';
import { CatalogueState } from '#contracts/catalogue-revision.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { CoreContext } from '../context.ts';

/** What edge asks to know whether its cached quotes are still of today's tariffs; behind the signed hop. */
const internalRoute = createRoute({
  method: 'get',
  path: '/internal/catalogue',
  summary: 'The revision of the catalogue, for edge',
  hide: true,
  responses: { 200: { description: 'What this replica sells', ...json(CatalogueState) }, ...refusals(401) },
});

/** Edge's route. Reads memory alone: it answers while the database is away. */
export function internalCatalogueRoutes(ctx: Pick<CoreContext, 'catalogue'>) {
  return createRouter().openapi(internalRoute, (c) => c.json({ revision: ctx.catalogue.revision() }, 200));
}
