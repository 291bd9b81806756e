import type { Quote } from '#contracts/quote.ts';
import type { Risk } from '#contracts/risk.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { Parameter } from '../rating/parameters/parameter.ts';
import { PRODUCTS } from '../rating/products.ts';
import { riskQuery } from './risk-query.ts';

/**
 * The shortest address of a quote, for Content-Location (RFC 9110, section 8.7): it says nothing that its absence stands
 * for. To say any of that too, as the canonical risk has it, changes nothing: so edge can know spellings of one quote.
 */
export function quoteLocation({ product, risk, ratedAt }: Pick<Quote, 'product' | 'risk' | 'ratedAt'>): string {
  const today = moscowDate(new Date(ratedAt));
  // The risk is its product's, which the compiler cannot see of a union.
  const parameters = PRODUCTS[product].parameters as unknown as Readonly<Record<string, Parameter<unknown, Risk>>>;
  const said = Object.entries(risk).filter(([name, value]) => {
    const reading = parameters[name]?.absent?.({ today, read: risk });
    return !(reading && 'value' in reading && reading.value === value);
  });
  return `/v1/quotes/${product}?${riskQuery(Object.fromEntries(said) as Risk)}`;
}
