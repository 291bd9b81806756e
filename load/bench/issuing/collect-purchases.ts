import { randomUUID } from 'node:crypto';
import { base64url } from 'jose';
import { HOP_HEADER } from '#contracts/hop.ts';
import type { Quote } from '#contracts/quote.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { signHop } from '../../../edge/forward/sign-hop.ts';
import { anyQuery } from '../rating/any-query.ts';
import { collectTariffs } from '../rating/collect-tariffs.ts';
import { seeded } from '../seeded.ts';
import type { Purchase } from './sign-requests.ts';
import type { Stand } from './stand.ts';

const QUOTES = 200;
const SEED = 7_204;

/** Tells core the tariffs of ten insurers and asks it for quotes: of each the offers, as buyers got them. */
export async function collectPurchases({ core, hopKey }: Stand): Promise<Purchase[]> {
  const now = new Date();
  await core.ask((await collectTariffs(now)).map(messageOf));
  const chance = { random: seeded(SEED), today: moscowDate(now) };
  const signing = { config: { HOP_KEY: base64url.decode(hopKey) }, now: Date.now } as Parameters<typeof signHop>[0];
  const purchases: Purchase[] = [];
  for (let asked = 0; asked < QUOTES; asked += 1) {
    const path = `/v1/quotes/osago?${anyQuery('osago', chance)}`;
    const hop = await signHop(signing, { method: 'GET', path, requestId: 'bench-quote' });
    const answer = await fetch(`http://127.0.0.1:${core.port}${path}`, { headers: { [HOP_HEADER]: hop } });
    if (answer.status !== 200) throw new Error(`core answered ${path} with ${answer.status}: ${await answer.text()}`);
    const { offers, risk } = (await answer.json()) as Quote;
    purchases.push(...offers.map(({ token }) => ({ token, startsOn: risk.startsOn })));
  }
  return purchases;
}

/** `tariff.published.v1` as an aggregator's relay sends it. */
function messageOf(data: Tariff): OutgoingMessage {
  const partition = partitionOf(data.insurer, TARIFFS.partitions);
  const head = { eventId: randomUUID(), type: 'tariff.published.v1', aggregateId: data.insurer, aggregateVersion: 1 };
  const place = { region: 'msk', partition, epoch: 1, sequence: 1, occurredAt: data.asOf, traceparent: null };
  return {
    partition,
    key: `tariff:${data.insurer}:${data.product}`,
    value: JSON.stringify({ ...head, ...place, data }),
  };
}
