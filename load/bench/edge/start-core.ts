import { randomBytes, randomUUID } from 'node:crypto';
import type { PartnerTerms } from '#contracts/partner.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { freePort } from '../../../local/free-port.ts';
import { digestOf } from '../../../local/secrets.ts';
import { collectTariffs } from '../rating/collect-tariffs.ts';
import type { Databases } from '../rating/start-databases.ts';
import type { Cost, Order } from './core-process.ts';
import { CPU, node, type Running, startProgram } from './start-program.ts';

/** A core that sells the tariffs of five insurers. */
export interface Core extends Running {
  readonly url: string;
  readonly hopKey: string;
  /** Makes a partner with this limit, and answers its key. */
  addPartner(id: string, limitPerSecond: number): Promise<string>;
}

const INSURERS = 5;
const secret = () => randomBytes(32).toString('base64url');

export async function startCore(databases: Databases, signal: AbortSignal): Promise<Core> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [hopKey, operatorToken] = [secret(), secret()];
  const running = await startProgram({
    name: 'core',
    ...node('load/bench/edge/core-process.ts'),
    env: {
      REGION: 'msk',
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: await databases.next(),
      OPERATOR_TOKEN: operatorToken,
      HOP_KEY: hopKey,
      OFFER_KEYS: `k1:${secret()}`,
      // The tariffs are told once, and a benchmark may take longer than the 20 minutes after which they are marked.
      STALE_AFTER_SECONDS: '86400',
      HIDDEN_AFTER_SECONDS: '172800',
    },
    cpu: CPU.rest,
    readyUrl: `${url}/healthz/live`,
    signal,
  });
  const tariffs = await collectTariffs(new Date());
  const insurers = [...new Set(tariffs.map(({ insurer }) => insurer))].slice(0, INSURERS);
  const sold = tariffs.filter(({ insurer }) => insurers.includes(insurer));
  await running.ask<Cost>({ publish: sold.map(messageOf) } satisfies Order);
  return {
    ...running,
    url,
    hopKey,
    cpuSeconds: async () => (await running.ask<Cost>({ weigh: true } satisfies Order)).cpuSeconds,
    async addPartner(id, limitPerSecond) {
      const key = `ik_${id}_${secret()}`;
      const terms: PartnerTerms = { name: id, limitPerSecond, commissionRateBps: 1_000, keyDigests: [digestOf(key)] };
      const answer = await fetch(`${url}/v1/partners/${id}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(terms),
      });
      if (!answer.ok) throw new Error(`core did not take partner ${id}: ${answer.status} ${await answer.text()}`);
      return key;
    },
  };
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
