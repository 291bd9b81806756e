import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Products, Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { DEMO_RISK } from './load-demo.ts';
import type { Demo, DemoRegion } from './read-demo.ts';
import { issue, registered } from './sale.testing.ts';
import { type Checkout, checkout, demoOf, type Running, startReady, stop } from './start.testing.ts';

const RISKS: Record<Product, string> = {
  osago: DEMO_RISK,
  travel: 'territory=schengen&travellers=35,34,7&days=14',
  property: 'premises=flat&material=brick&builtYear=1998&sumInsured=5000000',
  life: 'age=40&sex=female&sumInsured=3000000&years=10',
};
/** The demo's car with another power of the same band: the same price, which no cache knows. */
const withPower = (hp: number) => DEMO_RISK.replace(/powerHp=[\d.]+/, `powerHp=${hp.toFixed(2)}`);
const TEN = ['amur', 'baikal', 'don', 'kama', 'lena', 'neva', 'oka', 'ural', 'volga', 'yenisei'];

describe('npm start -- --insurers 10', () => {
  let place: Checkout;
  let running: Running;
  let demo: Demo;
  let region: DemoRegion;

  beforeAll(async () => {
    place = await checkout();
    running = await startReady(place, ['--regions', 'msk', '--insurers', '10']);
    demo = await demoOf(place);
    region = demo.regions[0] as DemoRegion;
  });
  afterAll(async () => {
    await stop(running);
    await place[Symbol.asyncDispose]();
  });

  const get = async (url: string) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${demo.keys.site}` } });
    expect(answer.status, url).toBe(200);
    return answer.json();
  };
  const quote = async (product: Product, risk = RISKS[product]) =>
    (await get(`${region.edge}/v1/quotes/${product}?${risk}`)) as Quote;
  const poll = async (insurer: string) => {
    const answer = await fetch(`${region.aggregator}/v1/insurers/${insurer}/poll`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.keys.operator}` },
    });
    return (await answer.json()) as { status: string; reason?: string; findings?: string[] };
  };
  const control = async (path: string, { method = 'POST', body }: { method?: string; body?: object } = {}) => {
    const answer = await fetch(`${demo.insurers}/control/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok, path).toBe(true);
  };
  /** Asks again, a little apart, until the answer is as it should be. */
  const until = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
    for (let look = 0; look < 100; look += 1) {
      const answer = await ask();
      if (right(answer)) return answer;
      await wait(50, new AbortController().signal);
    }
    throw new Error('It did not come in 100 looks');
  };

  it('R10: all ten are quoted, over three protocols, each product by several of them', async () => {
    const { items } = (await get(`${region.edge}/v1/products`)) as Products;
    const sellers = Object.fromEntries(items.map(({ product, insurers }) => [product, insurers]));
    expect(sellers['osago']).toEqual(TEN);
    for (const product of Product.options) {
      const { offers, insurers } = await quote(product);
      expect(insurers.map(({ insurer }) => insurer)).toEqual(TEN);
      expect(offers.map(({ insurer }) => insurer).sort()).toEqual(sellers[product]);
      expect(offers.length).toBeGreaterThanOrEqual(5);
    }
  });

  it.each([
    ['travel', 13],
    ['property', 364],
    ['life', 3_651],
  ] as const)(
    'S3.2: a %s policy is sold at its price, covers its own term, and is in the register of its insurer',
    async (product, daysAfterFirst) => {
      const { offers, risk } = await quote(product);
      const answer = await issue(region, {
        key: demo.keys.site,
        offer: offers[0]?.token ?? '',
        startsOn: risk.startsOn,
      });
      const policy = await answer.json();
      expect([answer.status, policy.product, policy.premium]).toEqual([201, product, offers[0]?.premium]);
      const days = (Date.parse(policy.endsOn) - Date.parse(policy.startsOn)) / 86_400_000;
      // A leap day or two may be in a life policy's ten years, one in a year of property.
      expect(days - daysAfterFirst).toBeGreaterThanOrEqual(0);
      expect(days - daysAfterFirst).toBeLessThanOrEqual(product === 'travel' ? 0 : 1);
      expect((await registered(region, policy, demo.keys.operator)).premium).toEqual(policy.premium);
    },
  );

  it.each([
    ['don', '500', 'HTTP status 500'],
    ['kama', '429', 'HTTP status 429'],
    ['ural', 'reset', 'no answer'],
    ['yenisei', 'truncated', 'broke off'],
    ['neva', 'huge', 'longer than 1048576 bytes'],
    ['oka', 'wrong-schema', ''],
    ['amur', 'wrong-content-type', 'content type'],
  ])(
    'R14: %s in the fault "%s" is told by its reason; its offer stays as it was, and so do all others',
    async (insurer, fault, reason) => {
      const before = await quote('osago');
      await control(`${insurer}/fault`, { method: 'PUT', body: { fault } });
      expect(await poll(insurer)).toMatchObject({ status: 'failed', reason: expect.stringContaining(reason) });
      const uncached = await quote('osago', withPower(110 + TEN.indexOf(insurer) / 10));
      expect(uncached.offers.map(({ insurer, premium }) => [insurer, premium])).toEqual(
        before.offers.map(({ insurer, premium }) => [insurer, premium]),
      );
      await control(`${insurer}/fault`, { method: 'DELETE' });
      expect(await poll(insurer)).toMatchObject({ status: 'good' });
    },
  );

  it('R14: prices a hundred times as high are put aside with the reason, and nobody is offered them', async () => {
    await control('baikal/fault', { method: 'PUT', body: { fault: 'absurd-price' } });
    const { status, findings } = await poll('baikal');
    expect(status).toBe('quarantined');
    expect(findings).toContainEqual(expect.stringContaining('outside the corridor of 1399.00 to 8665.00 roubles'));
    const { offers } = await quote('osago', withPower(118));
    expect(offers.find(({ insurer }) => insurer === 'baikal')?.premium.amountMinor).toBeLessThan(5_000_000);
    await control('baikal/fault', { method: 'DELETE' });
    expect(await poll('baikal')).toMatchObject({ status: 'good' });
  });

  it('R14: while one hangs the others are polled and everybody is quoted', async () => {
    await control('lena/fault', { method: 'PUT', body: { fault: 'hang' } });
    const hanging = poll('lena');
    for (const insurer of TEN.filter((id) => id !== 'lena')) expect((await poll(insurer)).status).toBe('good');
    expect((await quote('osago')).offers).toHaveLength(10);
    expect(await hanging).toMatchObject({ status: 'failed', reason: expect.stringContaining('timed out') });
    await control('lena/fault', { method: 'DELETE' });
  });

  it('R11, S3.1: a changed tariff is offered at the edge, also where the old price is cached, and only as changed', async () => {
    const baseOf = ({ offers }: Quote) => offers.find(({ insurer }) => insurer === 'volga');
    const before = baseOf(await quote('osago'));
    await control('volga/tariff', { body: { row: '2.2', baseRateMinor: 612_345 } });
    expect(await poll('volga')).toEqual({ status: 'good', changed: 1 });
    const after = baseOf(
      await until(
        () => quote('osago'),
        (answer) => baseOf(answer)?.breakdown.base === '6123.45',
      ),
    );
    expect(after?.tariff.version).toBe((before?.tariff.version ?? 0) + 1);
    expect(after?.breakdown.factors).toEqual(before?.breakdown.factors);
  });

  it('a product that an insurer sells no more is offered no more, its others are', async () => {
    await control('neva/withdraw', { body: { product: 'travel' } });
    expect(await poll('neva')).toEqual({ status: 'good', changed: 1 });
    const { insurers } = await until(
      () => quote('travel'),
      ({ offers }) => offers.every(({ insurer }) => insurer !== 'neva'),
    );
    expect(insurers.find(({ insurer }) => insurer === 'neva')).toMatchObject({ status: 'no-tariff' });
    expect((await quote('life')).offers.map(({ insurer }) => insurer)).toContain('neva');
  });
});
