import type { Risk } from './risks.ts';

/** What a purchase names. */
export interface Offer {
  readonly token: string;
  readonly startsOn: string;
}

const KEPT = 200;
/** Once there are so many, one quote in these brings one in the place of the oldest: offers live a quarter of an hour. */
const REPLACED = 20;
const TOKEN = '"token":"';

/** The cheapest of a quote, as it came; undefined when nobody offers. */
export function firstOffer(body: Buffer, { startsOn }: Risk): Offer | undefined {
  const at = body.indexOf(TOKEN);
  if (at < 0) return undefined;
  const from = at + TOKEN.length;
  return { token: body.toString('latin1', from, body.indexOf('"', from)), startsOn };
}

/** Offers to be bought by who did not search. */
export function createOffers() {
  const offers: Offer[] = [];
  let [seen, kept, taken] = [0, 0, 0];
  return {
    /** Whether the next quote's is to be kept. */
    isWanted(): boolean {
      seen += 1;
      return offers.length < KEPT || seen % REPLACED === 0;
    },
    keep(offer: Offer): void {
      offers[kept % KEPT] = offer;
      kept += 1;
    },
    /** In turn. Throws when nobody has been quoted anything yet. */
    any(): Offer {
      const offer = offers[taken++ % offers.length];
      if (!offer) throw new Error('Nobody has asked for a quote yet: there is no offer to buy');
      return offer;
    },
  };
}
