import type { RatedProduct } from '../rated-product.ts';
import { PARAMETERS } from './parameters.ts';
import { parseOsagoRisk } from './parse-risk.ts';
import { rateOsago } from './rate.ts';

/** Compulsory motor liability insurance. */
export const OSAGO: RatedProduct<'osago'> = {
  label: { en: 'Compulsory motor liability insurance (OSAGO)', ru: 'ОСАГО' },
  parameters: PARAMETERS,
  parse: parseOsagoRisk,
  rate: rateOsago,
};
