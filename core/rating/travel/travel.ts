import { parseRisk } from '../parameters/parse-risk.ts';
import type { RatedProduct } from '../rated-product.ts';
import { PARAMETERS } from './parameters.ts';
import { rateTravel } from './rate.ts';

/** Medical cover abroad. */
export const TRAVEL: RatedProduct<'travel'> = {
  label: { en: 'Medical insurance abroad', ru: 'Медицинская страховка для поездок за рубеж' },
  parameters: PARAMETERS,
  parse: (query, today) => parseRisk(PARAMETERS, { query, today }),
  rate: rateTravel,
};
