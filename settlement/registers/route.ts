import { createRoute, z } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import { ClosedRegister, CloseRequest, Register } from '#contracts/register.ts';
import { PartyId, Period } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { optionalBody } from '#platform/http/optional-body.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { SettlementContext } from '../context.ts';
import { closeRegister } from './close-register.ts';
import { findClosing } from './find-closing.ts';
import { requireInsurer } from './require-insurer.ts';
import { toBody } from './to-body.ts';
import { writeCsv, writeJson } from './write-register.ts';

const security = [{ operatorToken: [] }];
const params = z.object({ insurer: PartyId, period: Period });

const registerRoute = createRoute({
  method: 'get',
  path: '/v1/registers/{insurer}/{period}',
  summary: "An insurer's register of a month of Europe/Moscow, as JSON or CSV by Accept",
  security,
  request: {
    params,
    query: z.strictObject({
      bom: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'a byte order mark before the CSV, as spreadsheets want it' }),
    }),
  },
  responses: {
    200: {
      description:
        'By contract date, then policy number; cancellations have amounts below zero; in CSV money is in roubles with two decimals',
      content: { 'application/json': { schema: Register }, 'text/csv': { schema: z.string() } },
    },
    ...refusals(400, 401, 404),
  },
});

const closeRoute = createRoute({
  method: 'post',
  path: '/v1/registers/{insurer}/{period}/close',
  summary: 'Close a register: it takes no more lines, and its digest says what it is',
  security,
  middleware: optionalBody,
  request: { params, body: { required: false, ...json(CloseRequest) } },
  responses: {
    200: { description: 'As it was closed, however often asked', ...json(ClosedRegister) },
    ...refusals(400, 401, 404, 409),
  },
});

export function registerRoutes(ctx: SettlementContext) {
  return createRouter()
    .openapi(registerRoute, async (c) => {
      const name = c.req.valid('param');
      const closing = await findClosing(ctx, name);
      if (!closing) await requireInsurer(ctx, name.insurer);
      const supports = ['application/json', 'text/csv'];
      const type = accepts(c, { header: 'Accept', supports, default: 'application/json' });
      c.header('vary', 'Accept');
      if (type !== 'text/csv') {
        return c.body(await toBody(writeJson(ctx, { ...name, closing })), 200, { 'content-type': 'application/json' });
      }
      const bom = c.req.valid('query').bom === 'true';
      const digest = closing?.final?.digest;
      return c.body(await toBody(writeCsv(ctx, { ...name, closing, bom })), 200, {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': `attachment; filename="register-${name.insurer}-${name.period}.csv"`,
        ...(digest && !bom && { 'repr-digest': `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:` }),
      });
    })
    .openapi(closeRoute, async (c) => {
      const request = CloseRequest.parse(c.req.valid('json') ?? {});
      return c.json(await closeRegister(ctx, c.req.valid('param'), request), 200);
    });
}
