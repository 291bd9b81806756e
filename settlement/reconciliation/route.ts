import { createRoute, z } from '@hono/zod-openapi';
import { Reconciliation } from '#contracts/reconciliation.ts';
import { Period } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { reconcile } from './reconcile.ts';

const reconciliationRoute = createRoute({
  method: 'get',
  path: '/v1/reconciliation',
  summary: 'What core, ledger and registers say of a month, and each policy in which they differ',
  security: [{ operatorToken: [] }],
  request: { query: z.strictObject({ period: Period }) },
  responses: { 200: { description: 'Differences by day', ...json(Reconciliation) }, ...refusals(400, 401) },
});

export function reconciliationRoutes(ctx: SettlementContext) {
  return createRouter().openapi(reconciliationRoute, async (c) =>
    c.json(await reconcile(ctx, c.req.valid('query').period), 200),
  );
}
