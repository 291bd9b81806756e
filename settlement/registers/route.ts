import { createRoute, z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { Register } from '#contracts/register.ts';
import { PartyId, Period } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { readRegister } from './read-register.ts';
import { registerCsv } from './register-csv.ts';

const registerRoute = createRoute({
  method: 'get',
  path: '/v1/registers/{insurer}/{period}',
  summary: "An insurer's register of a month of Europe/Moscow, as JSON or CSV by Accept",
  security: [{ operatorToken: [] }],
  request: { params: z.object({ insurer: PartyId, period: Period }) },
  responses: {
    200: {
      description:
        'By contract date, then policy number; cancellations have amounts below zero; in CSV money is in roubles with two decimals',
      content: { 'application/json': { schema: Register }, 'text/csv': { schema: z.string() } },
    },
    ...refusals(400, 401, 404),
  },
});

export function registerRoutes(ctx: SettlementContext) {
  return createRouter().openapi(registerRoute, async (c) => {
    const register = await readRegister(ctx, c.req.valid('param'));
    const type = accepts(c, {
      header: 'Accept',
      supports: ['application/json', 'text/csv'],
      default: 'application/json',
    });
    c.header('vary', 'Accept');
    if (type !== 'text/csv') return c.json(register, 200);
    return c.body(registerCsv(register), 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="register-${register.insurer}-${register.period}.csv"`,
    });
  });
}
