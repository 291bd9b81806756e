import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from './kafka.ts';
import type { DemoRegion } from './read-demo.ts';
import { requireOrSkip } from './require-or-skip.ts';
import { registered, sell } from './sale.testing.ts';
import { checkout, demoOf, readJson, run, startReady, stop } from './start.testing.ts';

const runs = requireOrSkip('npm start on a real Kafka', await missingForKafka());

describe.runIf(runs)('npm start on a real Kafka 4', () => {
  it('S3.2: sells in both regions, settles after a kill -9 of settlement and of core, and keeps regions apart', async () => {
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
