import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import { seeded } from '../bench/seeded.ts';
import { type Acknowledgement, type Acknowledgements, openAcknowledgements } from './acknowledgements.ts';
import { type Answer, type Call, callerOf } from './call-region.ts';
import { collectOffers, type Offer } from './offers.ts';
import type { Stand } from './stand.ts';
import { type BuyersBooks, booksOf } from './verdict.ts';

/** What somebody wants to buy, once. All of it stays the same however often it is sent. */
export interface Intent {
  readonly key: string;
  readonly offer: Offer;
  /** Sent once more after the answer. */
  readonly repeats: boolean;
  /** Taken back afterwards. */
  readonly cancels: boolean;
}

interface BuyerContext {
  readonly urls: readonly string[];
  readonly call: (baseUrl: string, call: Call) => Promise<Answer>;
  readonly acknowledgements: Acknowledgements;
  /** Decides which offer, which replica, how long to wait. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface Buyer {
  /** What is wanted and acknowledged so far. */
  books(): Promise<BuyersBooks>;
  /** Attempts that ended without an answer, or with 5xx. */
  readonly failures: () => number;
  /** Takes fresh offers; needed first, and within their quarter of an hour. */
  stockUp(): Promise<void>;
  /** A new intent, not sent yet. */
  want(changes?: Partial<Intent>): Intent;
  /** Sends until it is acknowledged, as a careful buyer would. Rejects on a refusal, or when the signal aborts. */
  carryOut(intent: Intent): Promise<void>;
  /** One attempt to buy at one address. Rejects when there is no answer. */
  attempt(baseUrl: string, intent: Intent): Promise<Answer>;
}

const SHARES = { repeats: 0.1, cancels: 0.15 };
const RISKS = 12;
/** Between attempts, ms: doubled each time, and less by chance. */
const PAUSE = { first: 50, most: 1_000 };
const HOLDER = { fullName: 'Анна Иванова', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' };

export interface BuyerOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Given each acknowledgement as it comes. */
  readonly hear?: (acknowledged: Acknowledgement) => void;
}

const heardBy = (hear: BuyerOptions['hear'], book: Acknowledgements): Acknowledgements => ({
  ...book,
  append(line) {
    book.append(line);
    hear?.(line);
  },
});

/** A buyer of a stand, with offers and a book of its own in the stand's folder. */
export async function openBuyer(stand: Stand, options: BuyerOptions): Promise<Buyer> {
  const buyer = createBuyer({
    urls: stand.coreUrls,
    call: callerOf(stand.plan.hopKey),
    acknowledgements: heardBy(options.hear, openAcknowledgements(join(stand.dir, 'acknowledgements.jsonl'))),
    random: seeded(options.seed),
    signal: options.signal,
  });
  await buyer.stockUp();
  return buyer;
}

function createBuyer(ctx: BuyerContext): Buyer {
  const intents: Intent[] = [];
  let stock: readonly Offer[] = [];
  let failures = 0;
  const anyUrl = () => ctx.urls[Math.floor(ctx.random() * ctx.urls.length)] as string;
  const until = async (wanted: number, call: Call): Promise<Policy> => {
    for (let pauseMs = PAUSE.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE.most)) {
      ctx.signal.throwIfAborted();
      const answer = await ctx.call(anyUrl(), call).catch(() => undefined);
      if (answer?.status === wanted) return JSON.parse(answer.text) as Policy;
      if (answer && answer.status < 500)
        throw new Error(`${call.path} of "${call.idempotencyKey}" was answered ${answer.status}: ${answer.text}`);
      failures += 1;
      await timer(pauseMs * (0.5 + ctx.random() / 2));
    }
  };
  const issue = async (intent: Intent) => {
    const policy = await until(201, issueCall(intent));
    ctx.acknowledgements.append({ key: intent.key, operation: 'issued', policy });
    return policy;
  };
  return {
    books: async () => booksOf(intents, await ctx.acknowledgements.read()),
    failures: () => failures,
    async stockUp() {
      stock = await collectOffers((call) => ctx.call(anyUrl(), call), { random: ctx.random, risks: RISKS });
    },
    want(changes) {
      const offer = stock[Math.floor(ctx.random() * stock.length)] as Offer;
      const [repeats, cancels] = [ctx.random() < SHARES.repeats, ctx.random() < SHARES.cancels];
      const intent = { key: randomUUID(), offer, repeats, cancels, ...changes };
      intents.push(intent);
      return intent;
    },
    async carryOut(intent) {
      const { id } = await issue(intent);
      if (intent.repeats) await issue(intent);
      if (!intent.cancels) return;
      const policy = await until(200, cancelCall(intent, id));
      ctx.acknowledgements.append({ key: intent.key, operation: 'cancelled', policy });
    },
    attempt: (baseUrl, intent) => ctx.call(baseUrl, issueCall(intent)),
  };
}

/** The request of an intent: every time the same. */
export const issueCall = ({ key, offer }: Intent): Call => ({
  method: 'POST',
  path: '/v1/policies',
  idempotencyKey: key,
  body: JSON.stringify({ offer: offer.token, holder: HOLDER, startsOn: offer.startsOn }),
});

const cancelCall = ({ key }: Intent, id: string): Call => ({
  method: 'POST',
  path: `/v1/policies/${id}/cancel`,
  idempotencyKey: `${key}-cancel`,
  body: JSON.stringify({ reason: 'The car was sold' }),
});
