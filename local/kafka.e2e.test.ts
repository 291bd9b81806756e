import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import type { Quote } from '#contracts/quote.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { freePort } from './free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from './kafka.ts';
import { DEMO_RISK } from './load-demo.ts';
import type { DemoRegion } from './read-demo.ts';
import { requireOrSkip } from './require-or-skip.ts';
import { quote, registered, sell } from './sale.testing.ts';
import type { RegionSecrets } from './secrets.ts';
import { type Checkout, checkout, demoOf, readJson, run, startReady, stop } from './start.testing.ts';

const runs = requireOrSkip('npm start on a real Kafka', await missingForKafka());

/** Leaves core of a region without a catalogue, as a new database would. */
async function emptyCatalogue({ dir }: Checkout, region: DemoRegion): Promise<void> {
  const secrets: RegionSecrets = JSON.parse(await readFile(join(dir, `.local/${region.name}/secrets.json`), 'utf8'));
  const port = Number(new URL(region.edge).port) + 5;
  const url = `postgres://postgres:${secrets.adminPassword}@127.0.0.1:${port}/insuretech`;
  const sql = postgres(url, { max: 1 });
  await sql`truncate core.tariffs, core.insurers, core.withdrawals`;
  await sql.end();
}

/** A quote that no cache can know, once core knows so many insurers. */
async function quoteAgain(region: DemoRegion, wanted: { key: string; insurers: number }): Promise<Quote> {
  for (let hundredths = 100; hundredths < 1_000; hundredths += 1) {
    const risk = DEMO_RISK.replace(/powerHp=[\d.]+/, `powerHp=106.${String(hundredths).slice(1)}`);
    const answer = await fetch(`${region.edge}/v1/quotes/osago?${risk}`, {
      headers: { authorization: `Bearer ${wanted.key}` },
    });
    const found = answer.status === 200 ? ((await answer.json()) as Quote) : undefined;
    if (found?.insurers.length === wanted.insurers) return found;
    await wait(100, new AbortController().signal);
  }
  throw new Error(`Core did not come to know ${wanted.insurers} insurers again`);
}

describe.runIf(runs)('npm start on a real Kafka 4', () => {
  it('S3.1, S3.2: sells in both regions, settles after a kill -9 of settlement and of core, keeps regions apart, and fills an empty catalogue from the topic', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-kafka-'));
    const port = await freePort(KAFKA_PORTS);
    await using broker = await startKafka({ dir, port });
    broker.done.catch(() => undefined);
    await using place = await checkout();
    const running = await startReady(place, ['--kafka', `127.0.0.1:${port}`]);
    const { regions, keys } = await demoOf(place);
    const processes = () => readJson<Record<string, number>>(place, 'processes.json');
    for (const region of regions) {
      const { policy } = await sell(region, keys.beta);
      expect((await registered(region, policy, keys.operator)).premium).toEqual(policy.premium);
    }

    const [msk] = regions as [DemoRegion];
    process.kill((await processes())['msk-settlement'] as number, 'SIGKILL');
    const { policy } = await sell(msk, keys.site);
    process.kill((await processes())['msk-core'] as number, 'SIGKILL');
    await running.printed('msk-core died');
    expect((await registered(msk, policy, keys.operator)).premium).toEqual(policy.premium);

    const before = await quote(msk, keys.site);
    await emptyCatalogue(place, msk);
    process.kill((await processes())['msk-core'] as number, 'SIGKILL');
    // Died and came back: with nothing in its database it can only know the tariffs from the topic.
    const { offers, insurers } = await quoteAgain(msk, { key: keys.site, insurers: before.insurers.length });
    expect(insurers.map(({ insurer }) => insurer)).toEqual(before.insurers.map(({ insurer }) => insurer));
    expect(offers.map(({ insurer, premium, tariff }) => [insurer, premium, tariff.version])).toEqual(
      before.offers.map(({ insurer, premium, tariff }) => [insurer, premium, tariff.version]),
    );

    for (const region of regions) {
      const answer = await fetch(`${region.settlement}/v1/dead-letters`, {
        headers: { authorization: `Bearer ${keys.operator}` },
      });
      expect(await answer.json()).toMatchObject({ items: [] });
    }
    const ended = await stop(running);
    expect(ended.code, ended.out).toBe(0);
    await rm(dir, { recursive: true, force: true });
  });

  it('a broker that is not there is named', async () => {
    await using place = await checkout();
    const { code, out } = await run(place.dir, [
      'local/main.ts',
      '--port',
      String(place.port),
      '--kafka',
      '127.0.0.1:1',
    ]).ended;
    expect(out).toContain('Nothing listens at 127.0.0.1:1: start Kafka first');
    expect(code).toBe(1);
  });
});
