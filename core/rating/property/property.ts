import { parseRisk } from '../parameters/parse-risk.ts';
import type { RatedProduct } from '../rated-product.ts';
import { PARAMETERS } from './parameters.ts';
import { rateProperty } from './rate.ts';

/** A flat or a house. */
export const PROPERTY: RatedProduct<'property'> = {
  label: { en: 'Insurance of a flat or a house', ru: 'Страхование квартиры или дома' },
  parameters: PARAMETERS,
  parse: (query, today) => parseRisk(PARAMETERS, { query, today }),
  rate: rateProperty,
};
