import { createRoute, z } from '@hono/zod-openapi';
import { CATALOGUE_REVISION_HEADER } from '#contracts/catalogue-revision.ts';
import { Localities, type ParameterDescription, Products, Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { InvalidRequest } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { findLocalities } from '../rating/osago/find-localities.ts';
import { describeParameters } from '../rating/parameters/describe-parameters.ts';
import { startBounds } from '../rating/parameters/starts-on.ts';
import { PRODUCTS } from '../rating/products.ts';
import { describeProducts } from './describe-products.ts';
import { quoteLocation } from './quote-location.ts';
import { requestQuote } from './request-quote.ts';

const productsRoute = createRoute({
  method: 'get',
  path: '/v1/products',
  summary: 'What is sold, by which risk parameters, and who sells it',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'The products', ...json(Products) }, ...refusals(400, 401, 429, 503) },
});

const localitiesRoute = createRoute({
  method: 'get',
  path: '/v1/localities',
  summary: 'Finds the places that an OSAGO quote takes',
  request: {
    query: z.strictObject({
      q: z
        .string()
        .trim()
        .min(1)
        .max(60)
        .meta({ description: 'the beginning, a word or a near spelling of a place or its subject', example: 'Казан' }),
    }),
  },
  responses: {
    200: { description: 'At most 20 places, nearest first', ...json(Localities) },
    ...refusals(400, 401, 429, 503),
  },
});

/** The cheapest offer is bought at once; whoever buys is the caller's to say. */
const LINKS = {
  buyCheapest: {
    operationId: 'issuePolicy',
    requestBody: { offer: '$response.body#/offers/0/token', startsOn: '$response.body#/risk/startsOn' },
    description: 'Buys the cheapest offer; the holder is yours to add',
  },
};
const QUOTE_ANSWERS = {
  200: { description: 'The quote', ...json(Quote), links: LINKS },
  304: { description: 'Not modified' },
  ...refusals(400, 401, 429, 503),
};
const WHO = 'Public. With a partner key it counts on the limit of the key, without one on the address of the caller.';

/** The calls as a family; each product has its own description beside, with its parameters. */
const anyQuoteRoute = createRoute({
  method: 'get',
  path: '/v1/quotes/{product}',
  operationId: 'quote',
  summary: 'Offers of all insurers for a risk, cheapest first',
  description: `${WHO} The parameters are those of the product: see its own call, or GET /v1/products.`,
  request: {
    params: z.object({
      product: z.string().meta({ enum: Product.options, example: 'osago' }),
    }),
  },
  responses: { ...QUOTE_ANSWERS, ...refusals(404) },
});

const quoteRouteOf = (product: Product) =>
  createRoute({
    method: 'get',
    path: `/v1/quotes/${product}`,
    operationId: `quote-${product}`,
    summary: `Offers of all insurers, cheapest first. ${PRODUCTS[product].label.en}`,
    description: WHO,
    parameters: parametersOf(product),
    responses: QUOTE_ANSWERS,
  });

/** For the description only: the parser of the product checks them, and names what is wrong. */
function parametersOf(product: Product) {
  const described = describe(product, moscowDate(new Date()));
  return described.map((parameter) => ({
    name: parameter.name,
    in: 'query' as const,
    required: parameter.required && parameter.onlyFor === undefined,
    description: `${parameter.label.en}: ${parameter.allowed}`,
    schema: schemaOf(parameter),
  }));
}

const describe = <P extends Product>(product: P, today: string) =>
  describeParameters(PRODUCTS[product].parameters, today);

function schemaOf({ type, values, minimum, maximum, default: fallback, example }: ParameterDescription) {
  if (values) {
    const enumerated = { type: 'string' as const, enum: values.map(({ value }) => value), example };
    return fallback === undefined ? enumerated : { ...enumerated, default: fallback };
  }
  // What is a good date changes daily, and this is told for as long as the process lives.
  if (type === 'date') return { type: 'string' as const, format: 'date' };
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return { type: 'string' as const, example };
  const numeric = { type: type === 'integer' ? ('integer' as const) : ('number' as const), minimum, maximum };
  return { ...numeric, example: Number(example), ...(fallback !== undefined && { default: Number(fallback) }) };
}

/** What anybody may ask before buying. */
export function quoteRoutes(ctx: CoreContext) {
  const routes = createRouter()
    .openapi(productsRoute, (c) => {
      c.header(CATALOGUE_REVISION_HEADER, ctx.catalogue.revision());
      return c.json(describeProducts(ctx), 200);
    })
    .openapi(localitiesRoute, (c) => {
      const { first } = startBounds(moscowDate(ctx.now()));
      return c.json({ items: findLocalities(c.req.valid('query').q, first) }, 200);
    });
  for (const product of Product.options) {
    routes.openapi(quoteRouteOf(product), (c) => {
      // Rating awaits nothing, so this is the revision of the tariffs that the quote is rated from.
      c.header(CATALOGUE_REVISION_HEADER, ctx.catalogue.revision());
      const { searchParams } = new URL(c.req.url);
      const quote = requestQuote(ctx, { product, query: searchParams });
      c.header('content-location', quoteLocation(quote));
      return c.json(quote, 200);
    });
  }
  // After those of the products: what comes here is none.
  return routes.openapi(anyQuoteRoute, () => {
    throw new InvalidRequest([{ field: 'product', message: `must be one of ${Product.options.join(', ')}` }]);
  });
}
