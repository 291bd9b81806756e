import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import type { Problem } from '#contracts/problem.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { type Intent, issueCall } from './buyer.ts';
import { type Answer, callerOf } from './call-region.ts';
import { collectOffers, type Offer } from './offers.ts';
import type { Stand } from './stand.ts';

/** An intent whose offer only its home can sell. */
export interface HomedIntent extends Intent {
  readonly home: string;
}

/** Buyers who do not know where they are: each attempt goes to any region. */
export interface Market {
  readonly intents: readonly HomedIntent[];
  want(): HomedIntent;
  /** Tries regions until one sells. Rejects when it is the wrong one, or a refusal is not the stated one. */
  carryOut(intent: HomedIntent): Promise<void>;
  refused(): number;
  failures(): number;
}

interface MarketContext {
  readonly stands: readonly Stand[];
  /** One for each region. */
  readonly books: readonly Acknowledgements[];
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const RISKS = 8;
const PAUSE_MS = 150;
/** Of those who are told where to go, so many go there at once. */
const FOLLOW = 0.5;

export async function openMarket({ stands, books, random, signal }: MarketContext): Promise<Market> {
  const regions = stands.map(({ plan, coreUrls }, index) => {
    const url = coreUrls[0] as string;
    const call = callerOf(plan.hopKey);
    return { name: plan.name, url, call, book: books[index] as Acknowledgements };
  });
  const stock: (Offer & { home: string })[] = [];
  for (const { name, url, call } of regions) {
    const offers = await collectOffers((asked) => call(url, asked), { random, risks: RISKS });
    stock.push(...offers.map((offer) => ({ ...offer, home: name })));
  }
  const intents: HomedIntent[] = [];
  const counts = { refused: 0, failures: 0 };
  const any = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
  return {
    intents,
    refused: () => counts.refused,
    failures: () => counts.failures,
    want() {
      const { home, ...offer } = any(stock);
      const intent = { key: randomUUID(), offer, home, repeats: false, cancels: false };
      intents.push(intent);
      return intent;
    },
    async carryOut(intent) {
      let region = any(regions);
      while (true) {
        signal.throwIfAborted();
        const answer = await region.call(region.url, issueCall(intent)).catch(() => undefined);
        if (answer?.status === 201) return region.book.append(requireHome(intent, region.name, answer));
        if (answer && answer.status < 500) {
          counts.refused += 1;
          const told = requireRefusal(intent, answer);
          const home = regions.find(({ url }) => url === told);
          if (home?.name !== intent.home) throw new Error(`${region.name} says that ${intent.home} is at ${told}`);
          region = random() < FOLLOW ? home : any(regions);
        } else {
          counts.failures += 1;
          await timer(PAUSE_MS);
          region = any(regions);
        }
      }
    },
  };
}

function requireHome({ key, home }: HomedIntent, seller: string, { text }: Answer) {
  const policy = JSON.parse(text) as Policy;
  if (seller !== home || policy.region !== home) throw new Error(`"${key}" of ${home} was sold by ${seller}`);
  return { key, operation: 'issued', policy } as const;
}

/** Where the home is. */
function requireRefusal({ key }: HomedIntent, { status, text }: Answer): string | undefined {
  if (status !== 421) throw new Error(`"${key}" was answered ${status}: ${text}`);
  return (JSON.parse(text) as Problem).home;
}
