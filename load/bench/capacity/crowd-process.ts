import { randomUUID } from 'node:crypto';
import type { Policy } from '#contracts/policy.ts';
import { createQuoteCheck } from './check-quote.ts';
import type { Answer } from './connection.ts';
import type { Order, Seen } from './crowd.ts';
import { createOffers, firstOffer, type Offer } from './offers.ts';
import { every, keepPace } from './pace.ts';
import { createPool, type Pool } from './pool.ts';
import { createRisks } from './risks.ts';
import { createTally } from './tally.ts';

const SEED = 7_204;
/** Answers that come later are no answers, ms. */
const PATIENCE_MS = 10_000;
/** Ahead of the first that is due, ms. */
const BEFORE_MS = 20;
const HOLDER = { fullName: 'Анна Иванова', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' };

// Kept from one order to the next.
const risks = createRisks(SEED);
const offers = createOffers();
const whyWrong = createQuoteCheck();
const pools = new Map<number, Pool>();

function poolOf(port: number): Pool {
  const pool = pools.get(port) ?? createPool(port);
  pools.set(port, pool);
  return pool;
}

const purchaseOf = ({ token, startsOn }: Offer, key: string): string => {
  const body = JSON.stringify({ offer: token, holder: HOLDER, startsOn });
  const head = [
    'POST /v1/policies HTTP/1.1',
    'host: edge',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `idempotency-key: ${randomUUID()}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
};

/** Refused for want of room or of a limit is no wrong answer. */
const isRefusal = ({ status }: Answer) => status === 503 || status === 429;

async function carryOut(order: Order): Promise<Seen> {
  const { seconds } = order;
  const cpuBefore = process.cpuUsage();
  const pool = poolOf(order.port);
  const startedAt = performance.now() + BEFORE_MS;
  const [searches, purchases] = [createTally(seconds, startedAt), createTally(seconds, startedAt)];
  const found = { policies: [] as string[], premiumMinor: 0, wrong: undefined as string | undefined };
  let turn = 0;
  const key = () => order.keys[turn++ % order.keys.length] ?? '';

  const buy = (offer: Offer, dueAt: number) => {
    const end = purchases.offer(dueAt);
    pool.send(purchaseOf(offer, key()), (answer) => {
      end(answer);
      if (answer?.status === 201) {
        const { id, premium } = JSON.parse(answer.body.toString()) as Policy;
        found.policies.push(id);
        found.premiumMinor += premium.amountMinor;
      } else if (answer && !isRefusal(answer)) {
        found.wrong ??= `a purchase was answered ${answer.status}: ${answer.body}`;
      }
    });
  };
  const [isFresh, isBought] = [every(order.freshShare), every(order.buyShare)];
  const search = (dueAt: number) => {
    const end = searches.offer(dueAt);
    const risk = isFresh() ? risks.fresh() : risks.anyKnown();
    const buys = isBought();
    pool.send(`GET ${risk.target} HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer ${key()}\r\n\r\n`, (answer) => {
      end(answer);
      if (answer?.status !== 200) {
        if (answer && !isRefusal(answer))
          found.wrong ??= `${risk.target} was answered ${answer.status}: ${answer.body}`;
        return;
      }
      found.wrong ??= whyWrong(answer.body, risk);
      const isWanted = offers.isWanted();
      const offer = isWanted || buys ? firstOffer(answer.body, risk) : undefined;
      if (offer && isWanted) offers.keep(offer);
      if (buys) buy(offer ?? offers.any(), performance.now());
    });
  };

  const streams = [
    { perSecond: order.searchesPerSecond, act: search },
    { perSecond: order.purchasesPerSecond, act: (dueAt: number) => buy(offers.any(), dueAt) },
  ];
  await keepPace(streams, { startedAt, seconds, isDone: () => pool.underWay() === 0, patienceMs: PATIENCE_MS });
  pool.giveUp();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ...found,
    searches: searches.close(),
    purchases: purchases.close(),
    cpuSeconds: (user + system) / 1_000_000,
  };
}

process.on('message', async (order: Order) => {
  process.send?.(await carryOut(order));
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
