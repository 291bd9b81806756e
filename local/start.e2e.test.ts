import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/problem.ts';
import { shelterOf } from './postgres-home.ts';
import { answers } from './preflight.ts';
import type { Demo, DemoRegion } from './read-demo.ts';
import { HOLDER, issue, quote, registered, sell } from './sale.testing.ts';
import {
  type Checkout,
  checkout,
  demoOf,
  isAlive,
  npmStartReady,
  type Running,
  readJson,
  run,
  startReady,
  stop,
} from './start.testing.ts';

describe('npm start, two regions', () => {
  let place: Checkout;
  let running: Running;
  let demo: Demo;

  beforeAll(async () => {
    place = await checkout();
    running = await startReady(place, []);
    demo = await demoOf(place);
  });
  afterAll(async () => {
    await stop(running);
    await place[Symbol.asyncDispose]();
  });

  it('R14, S3.1, S3.2: each region sells from collected tariffs, and its own settlement has the premium and the commission', async () => {
    for (const region of demo.regions) {
      const { offers, insurers } = await quote(region, demo.keys.site);
      expect(offers.map((offer) => offer.insurer).sort()).toEqual(['baikal', 'don', 'lena', 'ural', 'volga']);
      expect(insurers.every((insurer) => insurer.status === 'offer')).toBe(true);
      expect(offers.map((offer) => offer.premium.amountMinor)).toEqual(
        offers.map((offer) => offer.premium.amountMinor).sort((a, b) => a - b),
      );
      const { policy } = await sell(region, demo.keys.beta);
      expect(policy.id).toMatch(new RegExp(`^${region.name}-`));
      const line = await registered(region, policy, demo.keys.operator);
      expect(line.premium).toEqual(policy.premium);
      expect(line.commission.amountMinor + line.toTransfer.amountMinor).toBe(policy.premium.amountMinor);
      expect(line.commission.amountMinor).toBeGreaterThan(0);
    }
  });

  it('D7, S1: an offer of one region is refused by the other, which says whose it is', async () => {
    const [msk, nsk] = demo.regions as [DemoRegion, DemoRegion];
    const { offers, risk } = await quote(msk);
    const answer = await issue(nsk, { key: demo.keys.site, offer: offers[0]?.token ?? '', startsOn: risk.startsOn });
    expect(answer.status).toBe(421);
    const problem = (await answer.json()) as Problem;
    expect(problem.type).toMatch(/wrong-region$/);
    expect(problem.home).toBe(msk.edge);
  });

  it('no personal data leaves core: not in a log, a metric, a register or a settlement answer', async () => {
    const [msk] = demo.regions as [DemoRegion];
    const { policy } = await sell(msk, demo.keys.site);
    const line = await registered(msk, policy, demo.keys.operator);
    const metrics = await Promise.all(
      [msk.core, msk.settlement, msk.aggregator, msk.edgeMetrics].map(async (url) =>
        (await fetch(`${url}/metrics`)).text(),
      ),
    );
    const { readFile } = await import('node:fs/promises');
    const logs = await Promise.all(
      ['region', 'edge', 'postgres'].map((name) => readFile(join(place.dir, `.local/logs/msk-${name}.log`), 'utf8')),
    );
    for (const text of [JSON.stringify(line), ...metrics, ...logs]) {
      for (const canary of Object.values(HOLDER)) expect(text).not.toContain(canary);
    }
  });

  it('npm run demo walks the sale in both regions and ends with 0', async () => {
    const { code, out } = await run(place.dir, ['local/demo.ts']).ended;
    expect(out).toContain('Idempotency-Replayed: true');
    expect(out).toContain('the ledger'.slice(4));
    expect(out).toMatch(/This offer belongs to region "msk"[\s\S]*This offer belongs to region "nsk"/);
    expect(code, out).toBe(0);
  });

  it('S3.2: a region killed by kill -9 comes back, with what it had acknowledged, while its edge quotes from cache', async () => {
    const [msk] = demo.regions as [DemoRegion];
    const first = await sell(msk, demo.keys.site);
    const { 'msk-region': pid = 0 } = await readJson<Record<string, number>>(place, 'processes.json');
    process.kill(pid, 'SIGKILL');
    expect((await quote(msk, demo.keys.site)).offers).not.toHaveLength(0);
    await running.printed('msk-region died');
    const repeat = () =>
      fetch(`${msk.edge}/v1/policies/${first.policy.id}`, { headers: { authorization: `Bearer ${demo.keys.site}` } });
    await expect.poll(async () => (await repeat()).status, { timeout: 30_000, interval: 100 }).toBe(200);
    expect(await (await repeat()).json()).toEqual(first.policy);
    expect((await registered(msk, first.policy, demo.keys.operator)).premium).toEqual(first.policy.premium);
  });

  it('a second npm start in the same folder is refused with one sentence', async () => {
    const { code, out } = await run(place.dir, ['local/main.ts', '--port', String(place.port)]).ended;
    expect(out).toMatch(/^InsureTech: InsureTech is already running from this folder \(process \d+\)[^\n]*\n$/);
    expect(code).toBe(1);
  });
});

describe('npm start, its life', () => {
  it('S1, S3.2: SIGTERM to npm start ends all with code 0 and leaves nothing; started again alone, the region finds its data', async () => {
    await using place = await checkout();
    const first = await npmStartReady(place, ['--regions', 'nsk']);
    const demo = await demoOf(place);
    const [nsk] = demo.regions as [DemoRegion];
    const { policy } = await sell(nsk, demo.keys.alfa);
    const processes = await readJson<Record<string, number>>(place, 'processes.json');
    const ended = await stop(first);
    expect(ended.code, ended.out).toBe(0);
    for (const [name, pid] of Object.entries(processes)) expect(await isAlive(pid), name).toBe(false);

    const second = await startReady(place, ['--regions', 'nsk']);
    expect((await demoOf(place)).keys).toEqual(demo.keys);
    const found = await fetch(`${nsk.edge}/v1/policies/${policy.id}`, {
      headers: { authorization: `Bearer ${demo.keys.alfa}` },
    });
    expect(await found.json()).toEqual(policy);
    await registered(nsk, policy, demo.keys.operator);
    expect((await stop(second)).code).toBe(0);
  });

  it('a supervisor killed by kill -9 takes its services along, and the next start ends the orphaned Postgres', async () => {
    await using place = await checkout();
    const first = await startReady(place, ['--regions', 'msk']);
    const demo = await demoOf(place);
    const [msk] = demo.regions as [DemoRegion];
    const { policy } = await sell(msk, demo.keys.site);
    const { 'msk-postgres': orphan = 0, ...services } = await readJson<Record<string, number>>(place, 'processes.json');
    first.child.kill('SIGKILL');
    await first.ended;
    await expect
      .poll(async () => (await Promise.all(Object.values(services).map(isAlive))).includes(true), { timeout: 20_000 })
      .toBe(false);
    expect(await isAlive(orphan)).toBe(true);

    const second = await startReady(place, ['--regions', 'msk']);
    expect(await isAlive(orphan)).toBe(false);
    await registered(msk, policy, demo.keys.operator);
    expect((await stop(second)).code).toBe(0);
  });

  it('a taken port is named before anything is started', async () => {
    await using place = await checkout();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(place.port + 2, '127.0.0.1', resolve));
    const { code, out } = await run(place.dir, ['local/main.ts', '--port', String(place.port)]).ended;
    squatter.close();
    expect(out).toMatch(
      new RegExp(`^InsureTech: Port ${place.port + 2} \\(settlement of msk\\) is taken by another program: .*\\n$`),
    );
    expect(code).toBe(1);
    expect(await answers(place.port)).toBe(false);
  });

  it.each([
    { args: ['--port', 'abc'], env: {}, says: '--port is "abc" but must be an integer' },
    { args: ['--regions', 'MSK!'], env: {}, says: '--regions is "MSK!" but must be names' },
    { args: ['--insurers', '0'], env: {}, says: '--insurers is "0" but must be' },
    { args: ['--kafka', 'nowhere'], env: {}, says: '--kafka is "nowhere" but must be host:port' },
    { args: ['--wrong'], env: {}, says: "Unknown option '--wrong'" },
    { args: [], env: { LOG_LEVEL: 'loud' }, says: 'LOG_LEVEL is "loud" but' },
    { args: [], env: { UPSTASH_BACKEND: 'valkey' }, says: 'UPSTASH_BACKEND is "valkey" but' },
  ])('a broken value is refused in one sentence: $says', async ({ args, env, says }) => {
    await using place = await checkout();
    const { code, out } = await run(place.dir, ['local/main.ts', ...args], env).ended;
    expect(out).toContain(says);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(78);
  });

  it('a damaged data folder is named, with what to do, and nothing is left running', async () => {
    await using place = await checkout();
    const first = await startReady(place, ['--regions', 'msk']);
    expect((await stop(first)).code).toBe(0);
    const folder = process.getuid?.() === 0 ? shelterOf(place.dir) : place.dir;
    const data = join(folder, '.local/msk/postgres');
    await rm(join(data, 'PG_VERSION'));
    const noVersion = await run(place.dir, ['local/main.ts', '--port', String(place.port), '--regions', 'msk']).ended;
    expect(noVersion.out).toMatch(/The data folder \S*msk\/postgres is damaged .*npm run clean/);
    expect(noVersion.code).toBe(1);

    await writeFile(join(data, 'PG_VERSION'), '18\n');
    await writeFile(join(data, 'global/pg_control'), 'rubbish');
    const broken = await run(place.dir, ['local/main.ts', '--port', String(place.port), '--regions', 'msk']).ended;
    expect(broken.out).toMatch(/Postgres does not start from \S*msk\/postgres; it says: .*npm run clean/);
    expect(broken.code).toBe(1);
    expect(await answers(place.port + 113)).toBe(false);
  });
});
