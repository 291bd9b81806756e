import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import type { Quote } from '#contracts/quote.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { seeded } from '../../bench/seeded.ts';
import { clockOf, readOffset } from '../noisy-partner/clock.ts';
import type { Wanted } from '../noisy-partner/traffic/book.ts';
import { keepPace } from '../noisy-partner/traffic/pace.ts';
import { createQuestions } from '../noisy-partner/traffic/questions.ts';
import { requestOf } from '../noisy-partner/traffic/sell.ts';
import { connect, type HttpAnswer, type HttpRequest, type Send } from '../noisy-partner/traffic/send.ts';
import type { Asked } from './asked.ts';

/** R6: 50 searches a second, of which ten end in a sale. */
const PEAK = { quotes: 40, sales: 10 } as const;
/** A sale that was not answered is asked for again under its key, so often, until it is known. */
const RETRY_MS = 500;
const RETRY_SECONDS = 90;

/** The site of a region: it asks and sells through the edge at an even pace, whatever the answers. */
export interface Site {
  readonly send: Send;
  readonly seed: number;
  readonly policies: Policy[];
}

export function openSite({ url, key, seed }: { url: string; key: string; seed: number }): Site {
  const send = connect({ url });
  const authorized: Send = (sent) => send({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${key}` } });
  return { send: authorized, seed, policies: [] };
}

export interface Traffic {
  /** So far. */
  readonly asked: readonly Asked[];
  /** Sends no more; resolves with all that was asked once each answer is there and each sale known. Rejects when a sale stays unknown. */
  finish(): Promise<readonly Asked[]>;
}

/** Traffic of a share of R6's peak, from now on. */
export function startTraffic(site: Site, { share }: { share: number }): Traffic {
  const now = clockOf(readOffset());
  const over = new AbortController();
  const asked: Asked[] = [];
  const unknown: Wanted[] = [];
  const question = createQuestions({ random: seeded(site.seed), today: moscowDate(new Date()) });
  const ask = async (what: string, request: HttpRequest): Promise<HttpAnswer | undefined> => {
    const sentAt = now();
    const note = (told: { status: number; error?: string }) =>
      void asked.push({ what, sentAt, answeredAt: now(), ...told });
    try {
      const answer = await site.send(request);
      note({ status: answer.status });
      return answer;
    } catch (error) {
      note({ status: 0, error: (error as Error).message });
      return undefined;
    }
  };
  const quote = () => ask('quote', question());
  const sell = async () => {
    const wanted = cheapest(await quote());
    if (!wanted) return;
    const answer = await ask('policy', requestOf(wanted));
    if (answer?.status === 201) site.policies.push(JSON.parse(answer.text) as Policy);
    else unknown.push(wanted);
  };
  const underWay = new Set<Promise<unknown>>();
  const stream = (perSecond: number, phase: number, act: () => Promise<unknown>) => ({
    perSecond: perSecond * share,
    phase,
    isOn: () => true,
    arrive: () => {
      const acting = act().finally(() => underWay.delete(acting));
      underWay.add(acting);
    },
  });
  const streams = [stream(PEAK.quotes, 0.25, quote), stream(PEAK.sales, 0.75, sell)];
  const pacing = keepPace({ now, wait: (ms) => timer(ms), signal: over.signal }, streams);
  return {
    asked,
    async finish() {
      over.abort();
      await pacing;
      await Promise.all(underWay);
      for (const wanted of unknown) site.policies.push(await insist(site.send, wanted));
      return asked;
    },
  };
}

function cheapest(answer: HttpAnswer | undefined): Wanted | undefined {
  if (answer?.status !== 200) return undefined;
  const { offers, risk, region } = JSON.parse(answer.text) as Quote;
  const [first] = offers;
  if (!first) return undefined;
  const offer = { token: first.token, startsOn: risk.startsOn, premiumMinor: first.premium.amountMinor };
  return { key: randomUUID(), home: region as Wanted['home'], offer };
}

/** As a careful buyer: the same request under the same key, until it is sold. */
async function insist(send: Send, wanted: Wanted): Promise<Policy> {
  const until = performance.now() + RETRY_SECONDS * 1_000;
  while (true) {
    const answer = await send(requestOf(wanted)).catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.status === 201) return JSON.parse(answer.text) as Policy;
    if (performance.now() > until) {
      const said = answer instanceof Error ? answer.message : `${answer.status} ${answer.text}`;
      throw new Error(`A sale whose answer was lost is still not known after ${RETRY_SECONDS} s: ${said}`);
    }
    await timer(RETRY_MS);
  }
}
