import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import type { Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyQuery } from '../../bench/rating/any-query.ts';
import { type Intent, issueCall } from '../buyer.ts';
import { LIMITS } from '../noisy-partner/callers.ts';
import type { Admission } from '../noisy-partner/check/limit.ts';
import type { Keys } from '../noisy-partner/terms.ts';
import { keepPace, type Stream } from '../noisy-partner/traffic/pace.ts';
import type { Offer } from '../offers.ts';
import { type Edge, openEdge } from './edge.ts';
import { isGood, type Met } from './met.ts';
import type { Kind } from './names.ts';

/** Everybody who calls the region, at an even pace whatever the answers; disposing sends them home. */
export interface Callers extends AsyncDisposable {
  readonly met: readonly Met[];
  /** Calls of the partner that floods which were let in; ms since 1970. */
  readonly admitted: readonly Admission[];
  readonly intents: readonly Intent[];
  readonly acknowledged: readonly { readonly key: string; readonly operation: 'issued'; readonly policy: Policy }[];
  /** Takes fresh offers to buy from. */
  stockUp(): Promise<void>;
  /** Sales whose outcome is unknown are asked for again under their keys, until each has a policy. Answers how many. */
  settle(): Promise<number>;
}

interface CallersContext {
  readonly edge: string;
  readonly keys: Keys;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A second. */
const RATES: Readonly<Record<Kind, number>> = { 'cached quote': 4, 'new quote': 2, sale: 2, read: 2 };
/** The partner that floods asks three times what it may. */
export const FLOODING = { partner: 'gamma', limit: LIMITS.gamma, perSecond: 3 * LIMITS.gamma } as const;
const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

export async function startCallers(ctx: CallersContext): Promise<Callers> {
  const { keys, random } = ctx;
  const edge = openEdge(ctx.edge);
  const stop = new AbortController();
  const under = new Set<Promise<unknown>>();
  const [met, admitted, intents]: [Met[], Admission[], Intent[]] = [[], [], []];
  const acknowledged: Callers['acknowledged'][number][] = [];
  const unknown = new Set<Intent>();
  let stock: readonly Offer[] = [];
  const newQuery = (product = anyOf(Product.options, random)) =>
    `/v1/quotes/${product}?${anyQuery(product, { random, today: moscowDate(new Date()) })}`;
  const common = newQuery('osago');
  const keyOf = (partner: keyof Keys) => ({ authorization: `Bearer ${keys[partner]}` });
  const buy = async (intent: Intent) => {
    const { path, body = '' } = issueCall(intent);
    const headers = { ...keyOf('site'), 'content-type': 'application/json', 'idempotency-key': intent.key };
    const answer = await edge.call('sale', path, { method: 'POST', headers, body });
    if (answer.status === 201) {
      unknown.delete(intent);
      acknowledged.push({ key: intent.key, operation: 'issued', policy: JSON.parse(answer.text) as Policy });
    }
    return answer;
  };
  const wish = () => {
    const offer = anyOf(stock, random);
    const intent: Intent = { key: randomUUID(), offer, repeats: false, cancels: false };
    intents.push(intent);
    unknown.add(intent);
    return intent;
  };
  const own = () => `/v1/policies/${anyOf(acknowledged, random).policy.id}`;
  const calls: Readonly<Record<Kind, () => Promise<Met>>> = {
    'cached quote': () => edge.call('cached quote', common, { headers: random() < 0.5 ? keyOf('site') : {} }),
    'new quote': () => edge.call('new quote', newQuery(), {}),
    sale: () => buy(wish()),
    read: () => edge.call('read', random() < 0.5 ? own() : '/v1/policies?limit=5', { headers: keyOf('site') }),
  };
  const follow = (work: Promise<unknown>) => {
    under.add(work);
    void work.finally(() => under.delete(work));
  };
  const stream = (perSecond: number, arrive: () => Promise<unknown>): Stream => ({
    ...{ perSecond, phase: random(), isOn: () => true },
    arrive: () => follow(arrive()),
  });
  const flood = async () => {
    const sentAt = Date.now();
    const answer = await edge.call('cached quote', common, { headers: keyOf(FLOODING.partner) });
    if (isGood(answer)) admitted.push({ sentAt, answeredAt: Date.now() });
  };
  const stockUp = async () => {
    stock = await takeOffers(edge, { queries: Product.options.map((product) => newQuery(product)) });
  };
  await stockUp();
  await buy(wish());
  await calls['cached quote']();
  const streams = [
    ...Object.entries(calls).map(([kind, ask]) =>
      stream(RATES[kind as Kind], () => ask().then((answer) => met.push(answer))),
    ),
    stream(FLOODING.perSecond, flood),
  ];
  const wait = (ms: number) => timer(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  const pacing = keepPace({ now: () => performance.now(), wait, signal: stop.signal }, streams);
  return {
    ...{ met, admitted, intents, acknowledged, stockUp },
    async settle() {
      const open = [...unknown];
      for (const intent of open) await finish(ctx, () => buy(intent));
      return open.length;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await pacing;
      await Promise.all(under);
    },
  };
}

const anyOf = <Value>(values: readonly Value[], random: () => number) =>
  values[Math.floor(random() * values.length)] as Value;

async function takeOffers(edge: Edge, { queries }: { queries: readonly string[] }): Promise<Offer[]> {
  const answers = await Promise.all(queries.map((query) => edge.call('new quote', query, {})));
  const offers = answers.filter(isGood).flatMap(({ text }) => {
    const { offers: made, risk } = JSON.parse(text) as Quote;
    return made.map(({ token, premium }) => ({ token, startsOn: risk.startsOn, premiumMinor: premium.amountMinor }));
  });
  if (offers.length === 0) throw new Error(`Nobody offers anything: ${answers.map(({ status }) => status).join(', ')}`);
  return offers;
}

async function finish({ signal }: CallersContext, buy: () => ReturnType<Edge['call']>): Promise<void> {
  for (const until = performance.now() + SETTLE_MS; ; ) {
    const { status, text } = await buy();
    if (status === 201) return;
    if ((status > 0 && status < 500) || performance.now() > until)
      throw new Error(`A sale whose outcome was unknown, asked for again, was answered ${status}: ${text}`);
    await timer(PAUSE_MS, undefined, { signal });
  }
}
