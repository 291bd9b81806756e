import { randomUUID } from 'node:crypto';
import type { Quote } from '#contracts/quote.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { Product } from '#contracts/words.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { Bench, BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { seeded } from '../seeded.ts';
import { anyQuery } from './any-query.ts';
import { collectTariffs } from './collect-tariffs.ts';
import type { Weight } from './core-process.ts';
import { manyTariffs } from './many-tariffs.ts';
import { requireExact } from './require-exact.ts';
import { type CoreProcess, startCoreProcess } from './start-core-process.ts';
import { type Databases, startDatabases } from './start-databases.ts';

const FEW = 10;
const MANY = 1_000;
const QUOTES = 200;
const SEED = 7_204;

/** What core holds with 10 tariffs and with 1,000, each time in a new process on a new database, after 200 quotes. */
export const memory: Bench = async (ctx) => {
  await using databases = await startDatabases();
  const like = await collectTariffs(new Date());
  const weighed = (count: number) => async (round: number) => {
    const tariffs = manyTariffs(like, { count, random: seeded(SEED + round) });
    return weigh(ctx, databases, tariffs);
  };
  const found = await interleave(ctx, {
    what: 'memory of core',
    rounds: ROUNDS,
    states: { few: weighed(FEW), again: weighed(FEW), many: weighed(MANY) },
  });
  return (['rss', 'heapUsed'] as const).flatMap((part) => figuresOf(part, found));
};

function figuresOf(part: keyof Weight, found: Record<'few' | 'again' | 'many', readonly Weight[]>): Figure[] {
  const [few, again, many] = [found.few, found.again, found.many].map((weights) =>
    weights.map((weight) => weight[part] / 2 ** 20),
  ) as [number[], number[], number[]];
  const more = (than: readonly number[], values: readonly number[]) =>
    values.map((value, at) => value - (than[at] ?? NaN));
  const name = part === 'rss' ? 'RSS of core' : 'heap of core';
  const perTariff = more(few, many).map((mib) => (mib * 1024) / (MANY - FEW));
  const { figure } = measured({ gate: 'every insurer told of is in every quote, and every premium is exact' });
  const control = `A/A: ${name}, ${FEW} tariffs, against the same again`;
  return [
    figure(`${name}, ${FEW} tariffs`, 'MiB', few),
    { ...figure(`${name}, ${MANY} tariffs`, 'MiB', many), control },
    figure(`${name}, for a tariff more`, 'KiB', perTariff),
    figure(control, 'MiB', more(few, again)),
  ];
}

async function weigh(ctx: BenchContext, databases: Databases, tariffs: readonly Tariff[]): Promise<Weight> {
  await using core = await startCoreProcess(await databases.next(), ctx.signal);
  await core.order({ publish: tariffs.map(messageOf) });
  const chance = { random: seeded(SEED), today: moscowDate(new Date()) };
  for (let asked = 0; asked < QUOTES; asked += 1) {
    const product = Product.options[asked % Product.options.length] ?? 'osago';
    await requireQuote(core, { tariffs, path: `/v1/quotes/${product}?${anyQuery(product, chance)}` });
  }
  return await core.order({ weigh: true });
}

/** The gate: every insurer that core was told of is in the answer, and every premium is exact. */
async function requireQuote(core: CoreProcess, asked: { tariffs: readonly Tariff[]; path: string }): Promise<void> {
  const answer = await core.get(asked.path);
  if (answer.status !== 200)
    throw new Error(`core answered ${asked.path} with ${answer.status}: ${await answer.text()}`);
  const { offers, insurers, product } = (await answer.json()) as Quote;
  const sellers = (state: string) => insurers.filter(({ status }) => status === state).length;
  const selling = asked.tariffs.filter((tariff) => tariff.product === product).length;
  if (sellers('offer') + sellers('declined') !== selling || sellers('offer') !== offers.length) {
    throw new Error(
      `Of ${selling} tariffs of ${product}, ${sellers('offer')} were offered and ${sellers('declined')} declined`,
    );
  }
  for (const { premium, breakdown } of offers) requireExact(premium.amountMinor, breakdown);
}

/** `tariff.published.v1` as an aggregator's relay sends it. */
function messageOf(data: Tariff): OutgoingMessage {
  const partition = partitionOf(data.insurer, TARIFFS.partitions);
  const event = {
    eventId: randomUUID(),
    type: 'tariff.published.v1',
    aggregateId: data.insurer,
    aggregateVersion: 1,
    region: 'msk',
    partition,
    epoch: 1,
    sequence: 1,
    occurredAt: data.asOf,
    traceparent: null,
    data,
  };
  return { partition, key: `tariff:${data.insurer}:${data.product}`, value: JSON.stringify(event) };
}
