import { createRoute, z } from '@hono/zod-openapi';
import { Products, Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { CoreContext } from '../context.ts';
import { describeOsagoParameters } from '../rating/osago/parameters.ts';
import { describeProducts } from './describe-products.ts';
import { moscowDate } from './moscow-date.ts';
import { requestQuote } from './request-quote.ts';

const productsRoute = createRoute({
  method: 'get',
  path: '/v1/products',
  summary: 'What is sold, by which risk parameters, and who sells it',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'The products', ...json(Products) }, ...refusals(429, 503) },
});

/** For the description only: the parser of the product checks them, and names what is wrong. */
const parameters = describeOsagoParameters(moscowDate(new Date())).map(({ name, required, allowed, example }) => ({
  name,
  in: 'query' as const,
  required,
  description: allowed,
  schema: { type: 'string' as const, example },
}));

const quoteRoute = createRoute({
  method: 'get',
  path: '/v1/quotes/{product}',
  summary: 'Offers of all insurers for a risk, cheapest first',
  description:
    'Public. With a partner key it counts on the limit of the key, without one on the address of the caller.',
  parameters,
  request: {
    params: z.object({ product: Product.meta({ description: `one of ${Product.options.join(', ')}` }) }),
  },
  responses: {
    200: { description: 'The quote', ...json(Quote) },
    304: { description: 'Not modified' },
    ...refusals(400, 429, 503),
  },
});

export function quoteRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(productsRoute, (c) => c.json(describeProducts(ctx), 200))
    .openapi(quoteRoute, async (c) => {
      const query = new URL(c.req.url).searchParams;
      return c.json(await requestQuote(ctx, { product: c.req.valid('param').product, query }), 200);
    });
}
