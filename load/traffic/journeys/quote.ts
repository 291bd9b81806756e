import type { Quote } from '#contracts/quote.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import { readRetryAfter } from '../../drill/noisy-partner/check/retry-after.ts';
import { queryText } from '../risk-at.ts';
import { readAnswer } from './read-answer.ts';
import type { Answer, Step, Trip } from './step.ts';

/** Asks for offers; the cheapest will be bought. */
export const QUOTE: Step = {
  kind: 'quote',
  request: ({ key, risk }) => ({
    method: 'GET',
    path: `/v1/quotes/osago?${queryText(risk)}`,
    headers: { Authorization: `Bearer ${key}` },
  }),
  judge(answer, trip) {
    if (answer.status === 429 && trip.isOverLimit) return retryAfterFault(answer);
    const { body, fault } = readAnswer<Quote>(answer, 200);
    if (fault !== undefined) return fault;
    const wrong = quoteFault(body, trip);
    const [offer] = body.offers;
    if (wrong !== undefined || !offer) return wrong ?? 'no insurer makes an offer';
    trip.region = body.region;
    trip.bought = { offer, startsOn: body.risk.startsOn };
    return undefined;
  },
};

function retryAfterFault({ header }: Answer): string | undefined {
  const told = header('retry-after');
  return readRetryAfter(told) === undefined
    ? `429 with Retry-After "${told ?? 'none'}", not whole seconds to wait for`
    : undefined;
}

/** Whose answer it is: that of this risk in this region, cheapest first. */
function quoteFault({ region, risk, offers }: Quote, trip: Trip): string | undefined {
  if (trip.region !== undefined && region !== trip.region) return `it is of region ${region}, not of ${trip.region}`;
  const { category, subject, kbm } = risk as OsagoRisk;
  if (category !== trip.risk['category'] || subject !== trip.risk['subject'] || kbm !== trip.risk['kbm']) {
    return `it is for ${category}, ${subject}, ${kbm}, which nobody asked for`;
  }
  const isCheapestFirst = offers.every(
    ({ premium }, index) => index === 0 || premium.amountMinor >= (offers[index - 1]?.premium.amountMinor ?? 0),
  );
  return isCheapestFirst ? undefined : 'its offers are not cheapest first';
}
