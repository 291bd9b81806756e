import { randomUUID } from 'node:crypto';
import type { Policy } from '#contracts/policy.ts';
import type { Quote } from '#contracts/quote.ts';
import { issueCall } from '../../buyer.ts';
import type { RegionName } from '../callers.ts';
import type { Clock } from '../clock.ts';
import type { Book, Wanted } from './book.ts';
import type { Answered, Client } from './client.ts';
import type { HttpRequest } from './send.ts';

export interface SellContext {
  readonly client: Client;
  readonly book: Book;
  readonly now: Clock;
  readonly question: () => HttpRequest;
}

/** Asks for a price and buys the cheapest offer, in the region that made it; anew in the other one when that is gone. */
export async function sell(ctx: SellContext, { region, dueAt }: { region: RegionName; dueAt: number }): Promise<void> {
  const { client, book, now } = ctx;
  let offered = await quote(ctx, { region, dueAt });
  if (!offered) return;
  let wanted: Wanted | undefined;
  const answer = await client.ask({
    what: 'policy',
    region: offered.home,
    dueAt: now(),
    async prepare(place) {
      // Only its home sells an offer. What became of the first try is asked under its key when that region is back.
      if (offered?.home !== place) offered = await quote(ctx, { region: place, dueAt: now() });
      if (!offered) throw new Error(`not asked for: ${place} made no offer`);
      wanted = { key: randomUUID(), ...offered };
      book.wanted.push(wanted);
      return requestOf(wanted);
    },
  });
  if (answer?.status === 201 && wanted) {
    book.acknowledged.push({ key: wanted.key, policy: JSON.parse(answer.text) as Policy });
  }
}

async function quote({ client, question }: SellContext, asked: { region: RegionName; dueAt: number }) {
  const answer = await client.ask({ what: 'quote', ...asked, prepare: question });
  return answer?.status === 200 ? cheapest(answer) : undefined;
}

function cheapest({ text, region }: Answered): Omit<Wanted, 'key'> | undefined {
  const { offers, risk } = JSON.parse(text) as Quote;
  const [first] = offers;
  if (!first) return undefined;
  const { token, premium } = first;
  return { home: region, offer: { token, startsOn: risk.startsOn, premiumMinor: premium.amountMinor } };
}

/** Buys it; every time the same request. */
export function requestOf({ key, offer }: Wanted): HttpRequest {
  const { path, body = '' } = issueCall({ key, offer, repeats: false, cancels: false });
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return { method: 'POST', path, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body };
}
