import { createRoute } from '@hono/zod-openapi';
import { Accounts } from '#contracts/register.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { readAccounts } from './read-accounts.ts';

const accountsRoute = createRoute({
  method: 'get',
  path: '/v1/ledger/accounts',
  summary: 'The accounts of the ledger with their balances; debit is positive',
  security: [{ operatorToken: [] }],
  responses: { 200: { description: 'Sorted by id', ...json(Accounts) }, ...refusals(401) },
});

export function ledgerRoutes(ctx: SettlementContext) {
  return createRouter().openapi(accountsRoute, async (c) => c.json(await readAccounts(ctx), 200));
}
