import type { Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyQuery } from '../bench/rating/any-query.ts';
import type { Answer, Call } from './call-region.ts';

/** A signed price that can be bought. */
export interface Offer {
  readonly token: string;
  readonly startsOn: string;
  readonly premiumMinor: number;
}

type Ask = (call: Call) => Promise<Answer>;

/** Offers of some risks of each product, from quotes of the region's own. Rejects when it does not quote. */
export async function collectOffers(ask: Ask, chance: { random: () => number; risks: number }): Promise<Offer[]> {
  const offers: Offer[] = [];
  const today = moscowDate(new Date());
  for (let risk = 0; risk < chance.risks; risk += 1) {
    const product = Product.options[risk % Product.options.length] ?? 'osago';
    const query = anyQuery(product, { random: chance.random, today });
    const { status, text } = await ask({ method: 'GET', path: `/v1/quotes/${product}?${query}` });
    if (status !== 200) throw new Error(`A quote was answered ${status}: ${text}`);
    const quote = JSON.parse(text) as Quote;
    const { startsOn } = quote.risk;
    for (const { token, premium } of quote.offers) offers.push({ token, startsOn, premiumMinor: premium.amountMinor });
  }
  if (offers.length === 0) throw new Error('No insurer offers anything');
  return offers;
}
