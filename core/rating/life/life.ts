import { parseRisk } from '../parameters/parse-risk.ts';
import type { RatedProduct } from '../rated-product.ts';
import { PARAMETERS } from './parameters.ts';
import { rateLife } from './rate.ts';

/** Life for a term of years. */
export const LIFE: RatedProduct<'life'> = {
  label: { en: 'Term life insurance', ru: 'Страхование жизни на срок' },
  parameters: PARAMETERS,
  parse: (query, today) => parseRisk(PARAMETERS, { query, today }),
  rate: rateLife,
};
