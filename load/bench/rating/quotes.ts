import type { Offer } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { tariffOf } from '../../../core/catalogue/catalogue.ts';
import { readOffer } from '../../../core/offers/read-offer.ts';
import { requestQuote } from '../../../core/quotes/request-quote.ts';
import { PRODUCTS } from '../../../core/rating/products.ts';
import type { Bench, BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { ROUNDS } from '../rounds.ts';
import { seeded } from '../seeded.ts';
import { anyQuery } from './any-query.ts';
import { collectTariffs } from './collect-tariffs.ts';
import { type OfferRoom, offerRoom } from './offer-room.ts';
import { requireExact } from './require-exact.ts';
import { type Timed, timeEach } from './time-each.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');
const TODAY = '2026-11-22';
const SEED = 7_204;
const QUOTES = 1_000;
const WARM_UP = 3_000;

/** An offer as far as it is rated. */
type Rated = { readonly premiumMinor: number; readonly breakdown: Offer['breakdown'] };

interface Found {
  readonly timed: Omit<Timed<unknown>, 'answers'>;
  readonly offers: number;
}

/** Quotes of ten insurers in this process, without HTTP and without a cache, and beside them rating without signing. */
export const quotes: Bench = async (ctx) => {
  const room = await offerRoom(await collectTariffs(AT), AT);
  const figures: Figure[] = [];
  for (const product of Product.options) figures.push(...(await measure(ctx, room, product)));
  return figures;
};

async function measure(ctx: BenchContext, room: OfferRoom, product: Product): Promise<Figure[]> {
  const chance = { random: seeded(SEED), today: TODAY };
  const next = (count: number) => Array.from({ length: count }, () => anyQuery(product, chance));
  const quote = (count: number) => askQuotes(room, { product, queries: next(count) });
  const rate = (count: number) => rateAlone(room, { product, queries: next(count) });
  await quote(WARM_UP);
  await rate(WARM_UP);
  const { quoted, again, rated } = await interleave(ctx, {
    what: `quotes of ${product}`,
    rounds: ROUNDS,
    states: { quoted: () => quote(QUOTES), again: () => quote(QUOTES), rated: () => rate(QUOTES) },
  });
  const perCoreSecond = (found: readonly Found[]) => found.map(({ timed }) => QUOTES / timed.cpuSeconds);
  const cpuUsAnOffer = (found: readonly Found[]) => found.map(({ timed, offers }) => (1e6 * timed.cpuSeconds) / offers);
  const waitedUs = (found: readonly Found[], share: number) =>
    found.map(({ timed }) => percentile(timed.eachUs, share));
  const gate = 'every premium is the product of its breakdown, rounded once; the cheapest offer of each quote verifies';
  const control = `A/A: ${product}: an offer / the same again`;
  const { figure, ratio } = measured({ control, gate });
  const told = (what: string, unit: string, values: readonly number[]) => figure(`${product}: ${what}`, unit, values);
  return [
    told('quotes a second of one core', '1/s', perCoreSecond(quoted)),
    told(
      'quotes a second, one after another',
      '1/s',
      quoted.map(({ timed }) => QUOTES / timed.wallSeconds),
    ),
    told('a quote, p50', 'us', waitedUs(quoted, 0.5)),
    told('a quote, p99', 'us', waitedUs(quoted, 0.99)),
    told(
      'offers of a quote',
      'offers',
      quoted.map(({ offers }) => offers / QUOTES),
    ),
    told('an offer', 'us of a core', cpuUsAnOffer(quoted)),
    told('an offer rated, not signed', 'us of a core', cpuUsAnOffer(rated)),
    told('a risk rated ten times, not signed, p50', 'us', waitedUs(rated, 0.5)),
    ratio(`${product}: an offer rated, not signed / signed`, cpuUsAnOffer(rated), cpuUsAnOffer(quoted)),
    ratio(control, cpuUsAnOffer(again), cpuUsAnOffer(quoted)),
  ];
}

interface Asked {
  readonly product: Product;
  readonly queries: readonly URLSearchParams[];
}

async function askQuotes(room: OfferRoom, { product, queries }: Asked): Promise<Found> {
  const { answers, ...timed } = await timeEach(queries, (query) => requestQuote(room, { product, query }));
  const offers = answers.flatMap((quote) => quote.offers);
  requireRight(offers.map(({ premium, breakdown }) => ({ premiumMinor: premium.amountMinor, breakdown })));
  for (const {
    offers: [cheapest],
  } of answers)
    if (cheapest) await requireSigned(room, cheapest);
  return { timed, offers: offers.length };
}

async function rateAlone(room: OfferRoom, { product, queries }: Asked): Promise<Found> {
  const { answers, ...timed } = await timeEach(queries, (query) => rateWithAll(room, { product, query }));
  const rated = answers.flat();
  requireRight(rated);
  return { timed, offers: rated.length };
}

/** What a quote does but for its offers: the risk is read and rated with every tariff. */
function rateWithAll<P extends Product>(
  room: OfferRoom,
  { product, query }: { product: P; query: URLSearchParams },
): Rated[] {
  const parsed = PRODUCTS[product].parse(query, TODAY);
  if (!parsed.ok) throw new Error(`The risk ${query} was refused: ${JSON.stringify(parsed.errors)}`);
  return room.catalogue.entries().flatMap((entry) => {
    const tariff = tariffOf(entry, product);
    const rating = tariff && PRODUCTS[product].rate({ risk: parsed.risk, terms: tariff.terms });
    return rating?.status === 'rated' ? rating : [];
  });
}

function requireRight(offers: readonly Rated[]): void {
  if (offers.length === 0) throw new Error('No insurer offered anything');
  for (const { premiumMinor, breakdown } of offers) requireExact(premiumMinor, breakdown);
}

async function requireSigned(room: OfferRoom, { token, premium, insurer }: Offer): Promise<void> {
  const claims = await readOffer(room, token);
  if (claims.premiumMinor !== premium.amountMinor || claims.insurer !== insurer) {
    throw new Error(`The token of an offer of ${insurer} is of ${claims.insurer} for ${claims.premiumMinor} kopecks`);
  }
}
