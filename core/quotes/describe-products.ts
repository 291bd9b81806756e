import type { ProductDescription, Products } from '#contracts/quote.ts';
import type { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { CoreContext } from '../context.ts';
import { describeParameters } from '../rating/parameters/describe-parameters.ts';
import { PRODUCTS } from '../rating/products.ts';

/** The products on sale, the parameters that rate them, and the insurers whose tariffs are known. */
export function describeProducts(ctx: Pick<CoreContext, 'catalogue' | 'now'>): Products {
  return { items: (Object.keys(PRODUCTS) as Product[]).map((product) => describeProduct(ctx, product)) };
}

function describeProduct<P extends Product>(
  { catalogue, now }: Pick<CoreContext, 'catalogue' | 'now'>,
  product: P,
): ProductDescription {
  const { label, parameters } = PRODUCTS[product];
  const sellers = catalogue.entries().filter((entry) => entry.tariffs.has(product));
  return {
    product,
    title: label.en,
    label,
    parameters: describeParameters(parameters, moscowDate(now())),
    insurers: sellers.map((entry) => entry.insurer),
  };
}
