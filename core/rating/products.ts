import type { Product } from '#contracts/words.ts';
import { LIFE } from './life/life.ts';
import { OSAGO } from './osago/osago.ts';
import { PROPERTY } from './property/property.ts';
import type { RatedProduct } from './rated-product.ts';
import { TRAVEL } from './travel/travel.ts';

/** The products on sale. */
export const PRODUCTS: { readonly [P in Product]: RatedProduct<P> } = {
  osago: OSAGO,
  travel: TRAVEL,
  property: PROPERTY,
  life: LIFE,
};
