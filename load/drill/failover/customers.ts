import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import type { Quote } from '#contracts/quote.ts';
import type { RegionName } from '../noisy-partner/callers.ts';
import { type Book, createBook, type Wanted } from '../noisy-partner/traffic/book.ts';
import { requestOf } from '../noisy-partner/traffic/sell.ts';
import { ask, type Question } from './ask.ts';

/** One who comes, asks for a price and buys, where DNS sends him. Times are milliseconds of the steady clock. */
export interface Try {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whose addresses he was given; none when the name was not resolved. */
  readonly answered: readonly RegionName[];
  /** Absent: he has bought. */
  readonly failure?: string;
}

interface CustomersContext {
  readonly resolve: () => Promise<readonly string[]>;
  readonly host: string;
  readonly port: number;
  readonly regionAt: (address: string) => RegionName;
  readonly addressOf: (region: RegionName) => string;
  readonly key: string;
  readonly question: Question;
}

/** Customers who come at an even pace, each alone. Disposing waits for those who are at it. */
export interface Customers extends AsyncDisposable {
  /** What they wanted and were told. */
  readonly book: Book;
  readonly tries: readonly Try[];
  /** Those who do not know whether they have bought ask again, where they were, under their keys. Rejects when one is refused. */
  settle(signal: AbortSignal): Promise<number>;
}

/** Between two customers, ms. */
const PACE_MS = 100;
const SETTLE_PAUSE_MS = 200;

export function startCustomers(ctx: CustomersContext): Customers {
  const book = createBook();
  const tries: Try[] = [];
  const unknown = new Set<Wanted>();
  const stopped = new AbortController();
  const atIt = new Set<Promise<void>>();
  const come = async () => {
    for (let due = performance.now(); !stopped.signal.aborted; due += PACE_MS) {
      await timer(Math.max(0, due - performance.now()), undefined, { signal: stopped.signal }).catch(() => undefined);
      const one: Promise<void> = comeAndBuy({ ...ctx, book, tries, unknown }).finally(() => atIt.delete(one));
      atIt.add(one);
    }
  };
  const coming = come();
  return {
    book,
    tries,
    async settle(signal) {
      const open = [...unknown];
      for (const wanted of open) {
        await finish(ctx, { book, wanted, signal });
        unknown.delete(wanted);
      }
      return open.length;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await coming;
      await Promise.all(atIt);
    },
  };
}

interface Comes extends CustomersContext {
  readonly book: Book;
  readonly tries: Try[];
  readonly unknown: Set<Wanted>;
}

/** Never rejects: whatever goes wrong, he has not bought. */
async function comeAndBuy(ctx: Comes): Promise<void> {
  const startedAt = performance.now();
  let answered: readonly RegionName[] = [];
  const end = (failure?: string) =>
    void ctx.tries.push({ startedAt, endedAt: performance.now(), answered, ...(failure !== undefined && { failure }) });
  try {
    const addresses = await ctx.resolve();
    answered = addresses.map(ctx.regionAt);
    const [home] = answered;
    if (!home) return end('no address');
    end(await buy(ctx, home));
  } catch (error) {
    end((error as NodeJS.ErrnoException).code ?? (error as Error).name);
  }
}

/** Resolves with what went wrong, or nothing. */
async function buy(ctx: Comes, home: RegionName): Promise<string | undefined> {
  const { book, unknown, key, question } = ctx;
  const there = { address: ctx.addressOf(home), port: ctx.port, host: ctx.host };
  const withKey = (asked: Question) => ({ ...asked, headers: { ...asked.headers, authorization: `Bearer ${key}` } });
  const quoted = await ask(there, withKey(question));
  if (quoted.status !== 200) return `quote ${quoted.status}`;
  const { offers, risk } = JSON.parse(quoted.text) as Quote;
  const [offer] = offers;
  if (!offer) return 'no offer';
  const { token, premium } = offer;
  const wanted = {
    key: randomUUID(),
    home,
    offer: { token, startsOn: risk.startsOn, premiumMinor: premium.amountMinor },
  };
  book.wanted.push(wanted);
  const doubt = (error?: Error) => {
    unknown.add(wanted);
    if (error) throw error;
  };
  const sold = await ask(there, withKey(requestOf(wanted))).catch(doubt);
  if (sold?.status === 201) return acknowledge(book, { wanted, text: sold.text });
  doubt();
  return `sale ${sold?.status}`;
}

/** Asks the same once more, until there is an answer. */
async function finish(
  { addressOf, host, port, key }: CustomersContext,
  { book, wanted, signal }: { book: Book; wanted: Wanted; signal: AbortSignal },
): Promise<void> {
  const { headers, ...sale } = requestOf(wanted);
  const again = { ...sale, headers: { ...headers, authorization: `Bearer ${key}` } };
  while (true) {
    const answer = await ask({ address: addressOf(wanted.home), port, host }, again).catch(() => undefined);
    if (answer?.status === 201) return acknowledge(book, { wanted, text: answer.text });
    if (answer && answer.status < 500)
      throw new Error(
        `A sale cut off in ${wanted.home}, asked for again, was answered ${answer.status}: ${answer.text}`,
      );
    await timer(SETTLE_PAUSE_MS, undefined, { signal });
  }
}

function acknowledge(book: Book, { wanted, text }: { wanted: Wanted; text: string }): undefined {
  book.acknowledged.push({ key: wanted.key, policy: JSON.parse(text) as Policy });
}
