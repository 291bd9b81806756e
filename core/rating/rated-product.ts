import type { Label } from '#contracts/quote.ts';
import type { Risks } from '#contracts/risk.ts';
import type { TermsOf } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import type { Parameters } from './parameters/parameter.ts';
import type { ParsedRisk, RiskQuery } from './parameters/parse-risk.ts';
import type { Rating } from './price.ts';

/** All that the marketplace knows of a product: how its risk is asked for and how a tariff rates it. Pure. */
export interface RatedProduct<P extends Product> {
  readonly label: Label;
  readonly parameters: Parameters<Risks[P]>;
  /** The canonical risk of a query; `today` is the date in Moscow. */
  readonly parse: (query: RiskQuery, today: string) => ParsedRisk<Risks[P]>;
  /** Never throws: what a tariff cannot rate is declined with the reason. */
  readonly rate: (input: { risk: Risks[P]; terms: TermsOf<P> }) => Rating;
}
