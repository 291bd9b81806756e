import { rub } from '#contracts/money.ts';
import type { InsurerOutcome, Offer, OsagoRisk, Quote } from '#contracts/quote.ts';
import type { Tariff } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { InvalidRequest } from '#platform/problem/domain-error.ts';
import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import type { CoreContext } from '../context.ts';
import { OFFER_TTL_MS } from '../offers/offer-claims.ts';
import { signOffer } from '../offers/sign-offer.ts';
import { parseOsagoRisk } from '../rating/osago/parse-risk.ts';
import { rateOsago } from '../rating/osago/rate.ts';
import { freshness } from './freshness.ts';
import { moscowDate } from './moscow-date.ts';

type QuoteContext = Pick<CoreContext, 'region' | 'catalogue' | 'offerKeys' | 'now'>;

/**
 * Rates a risk with every insurer's tariff in memory and signs what can be sold. Asks nobody and writes nothing. Throws
 * InvalidRequest naming each parameter that is wrong.
 */
export async function requestQuote(
  ctx: QuoteContext,
  input: { product: Product; query: URLSearchParams },
): Promise<Quote> {
  const now = ctx.now();
  const parsed = parseOsagoRisk(input.query, { today: moscowDate(now) });
  if (!parsed.ok) throw new InvalidRequest(parsed.errors);
  const job = { product: input.product, risk: parsed.risk, now };
  const answers = await Promise.all(ctx.catalogue.entries().map((entry) => askInsurer(ctx, entry, job)));
  const offers = answers.flatMap(({ offer }) => offer ?? []);
  return {
    product: input.product,
    region: ctx.region,
    risk: parsed.risk,
    ratedAt: now.toISOString(),
    offers: offers.sort((a, b) => a.premium.amountMinor - b.premium.amountMinor || a.insurer.localeCompare(b.insurer)),
    insurers: answers.map(({ outcome }) => outcome),
  };
}

interface Job {
  readonly product: Product;
  readonly risk: OsagoRisk;
  readonly now: Date;
}

async function askInsurer(
  ctx: QuoteContext,
  entry: CatalogueEntry,
  job: Job,
): Promise<{ outcome: InsurerOutcome; offer?: Offer }> {
  const { insurer, polledAt } = entry;
  const outcome = { insurer, asOf: polledAt.toISOString() };
  const state = freshness(polledAt, job.now);
  if (state === 'hidden') return { outcome: { ...outcome, status: 'hidden-stale' } };
  const tariff = entry.tariffs.get(job.product);
  if (!tariff) return { outcome: { ...outcome, status: 'no-tariff' } };
  const rating = rateOsago({ risk: job.risk, terms: tariff.terms });
  if (rating.status === 'declined') return { outcome: { ...outcome, status: 'declined', reason: rating.reason } };
  const offer = await makeOffer(ctx, { tariff, polledAt, stale: state === 'stale', rating }, job);
  return { outcome: { ...outcome, status: 'offer' }, offer };
}

interface Rated {
  readonly tariff: Tariff;
  readonly polledAt: Date;
  readonly stale: boolean;
  readonly rating: { premiumMinor: number; breakdown: Offer['breakdown'] };
}

async function makeOffer(ctx: QuoteContext, { tariff, polledAt, stale, rating }: Rated, job: Job): Promise<Offer> {
  const expiresAt = new Date(job.now.getTime() + OFFER_TTL_MS).toISOString();
  const { insurer, product, version } = tariff;
  const token = await signOffer(ctx.offerKeys, {
    region: ctx.region,
    product,
    insurer,
    tariffVersion: version,
    risk: job.risk,
    premiumMinor: rating.premiumMinor,
    expiresAt,
  });
  return {
    token,
    insurer,
    product,
    premium: rub(rating.premiumMinor),
    tariff: { version, asOf: polledAt.toISOString(), stale },
    breakdown: rating.breakdown,
    expiresAt,
  };
}
