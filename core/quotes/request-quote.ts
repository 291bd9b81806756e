import { rub } from '#contracts/money.ts';
import type { InsurerOutcome, Offer, Quote } from '#contracts/quote.ts';
import type { Risks } from '#contracts/risk.ts';
import type { TariffOf } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { InvalidRequest } from '#platform/problem/domain-error.ts';
import { type CatalogueEntry, tariffOf } from '../catalogue/catalogue.ts';
import type { CoreContext } from '../context.ts';
import { OFFER_TTL_MS, type OfferClaims } from '../offers/offer-claims.ts';
import { signOffer } from '../offers/sign-offer.ts';
import type { Rating } from '../rating/price.ts';
import { PRODUCTS } from '../rating/products.ts';
import { freshness } from './freshness.ts';

type QuoteContext = Pick<
  CoreContext,
  'region' | 'catalogue' | 'offerKeys' | 'now' | 'freshnessLimits' | 'countOutcome'
>;

/**
 * Rates a risk with every insurer's tariff in memory and signs what can be sold. Asks nobody and writes nothing. Throws
 * InvalidRequest naming each parameter that is wrong.
 */
export function requestQuote<P extends Product>(
  ctx: QuoteContext,
  { product, query }: { product: P; query: URLSearchParams },
): Quote {
  const now = ctx.now();
  const parsed = PRODUCTS[product].parse(query, moscowDate(now));
  if (!parsed.ok) throw new InvalidRequest(parsed.errors);
  const job = { product, risk: parsed.risk, now };
  const answers = ctx.catalogue.entries().map((entry) => askInsurer(ctx, entry, job));
  for (const { outcome } of answers) ctx.countOutcome({ ...outcome, product });
  const offers = answers.flatMap(({ offer }) => offer ?? []);
  return {
    product,
    region: ctx.region,
    risk: parsed.risk,
    ratedAt: now.toISOString(),
    offers: offers.sort((a, b) => a.premium.amountMinor - b.premium.amountMinor || a.insurer.localeCompare(b.insurer)),
    insurers: answers.map(({ outcome }) => outcome),
  };
}

interface Job<P extends Product> {
  readonly product: P;
  readonly risk: Risks[P];
  readonly now: Date;
}

function askInsurer<P extends Product>(
  ctx: QuoteContext,
  entry: CatalogueEntry,
  job: Job<P>,
): { outcome: InsurerOutcome; offer?: Offer } {
  const { insurer, polledAt } = entry;
  const outcome = { insurer, asOf: polledAt.toISOString() };
  const state = freshness(ctx.freshnessLimits, { polledAt, now: job.now });
  if (state === 'hidden') return { outcome: { ...outcome, status: 'hidden-stale' } };
  const tariff = tariffOf(entry, job.product);
  if (!tariff) return { outcome: { ...outcome, status: 'no-tariff' } };
  const rating = PRODUCTS[job.product].rate({ risk: job.risk, terms: tariff.terms });
  if (rating.status === 'declined') return { outcome: { ...outcome, status: 'declined', reason: rating.reason } };
  const offer = makeOffer(ctx, { tariff, polledAt, stale: state === 'stale', rating }, job);
  return { outcome: { ...outcome, status: 'offer' }, offer };
}

interface Rated<P extends Product> {
  readonly tariff: TariffOf<P>;
  readonly polledAt: Date;
  readonly stale: boolean;
  readonly rating: Extract<Rating, { status: 'rated' }>;
}

function makeOffer<P extends Product>(
  ctx: QuoteContext,
  { tariff, polledAt, stale, rating }: Rated<P>,
  { product, risk, now }: Job<P>,
): Offer {
  // A cover that has begun is not for sale.
  const endsMs = Math.min(now.getTime() + OFFER_TTL_MS, moscowMidnight(risk.startsOn).getTime());
  const expiresAt = new Date(endsMs).toISOString();
  const { insurer, version } = tariff;
  const { premiumMinor, breakdown } = rating;
  // The job ties the risk to its product, which the compiler cannot see of a union.
  const claims = { region: ctx.region, product, insurer, tariffVersion: version, risk, premiumMinor, expiresAt };
  return {
    token: signOffer(ctx.offerKeys, claims as OfferClaims),
    insurer,
    product,
    premium: rub(premiumMinor),
    tariff: { version, asOf: polledAt.toISOString(), stale },
    breakdown,
    expiresAt,
  };
}
