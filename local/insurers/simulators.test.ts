import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PartyId } from '#contracts/words.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { loadInsurer } from '../../aggregator/insurers/load-insurer.ts';
import { testContext } from '../../aggregator/protocols/test-context.ts';
import { createInsurersApp } from './app.ts';
import { NOW } from './control/stand.testing.ts';
import { DEFAULT_INSURERS, SIMULATORS } from './simulators.ts';

const ids = SIMULATORS.map(({ id }) => id);

/** What the adapter of an insurer makes of its simulator under a fault. */
async function collect(id: string, fault?: string) {
  const app = createInsurersApp(SIMULATORS, { wait, held: new Set<Socket>(), now: () => NOW });
  if (fault) await app.request(`/control/${id}/fault`, { method: 'PUT', body: JSON.stringify({ fault }) });
  const { collect: read } = await loadInsurer(id);
  const ctx = testContext(async (url, init) => app.request(url, init), { now: () => NOW });
  return read(ctx, `http://insurers.test/${id}`);
}

describe('the simulated insurers', () => {
  test('are ten, the five on by default first', () => {
    expect(ids).toEqual(['volga', 'don', 'ural', 'lena', 'baikal', 'kama', 'amur', 'yenisei', 'neva', 'oka']);
    expect(ids.slice(0, DEFAULT_INSURERS)).toEqual(['volga', 'don', 'ural', 'lena', 'baikal']);
    for (const id of ids) expect(PartyId.parse(id)).toBe(id);
  });

  test('differ in every OSAGO price of a row, for 5 to 10 % of commission, of the other products for 15 to 30 %', () => {
    const prices = SIMULATORS.flatMap(({ book }) => book().osago.rates).map(
      (rate) => `${rate.row} ${rate.baseRateMinor}`,
    );
    expect(new Set(prices).size).toBe(prices.length);
    for (const { id, book } of SIMULATORS) {
      const { osago, ...others } = book();
      expect(osago.commissionRateBps, id).toBeGreaterThanOrEqual(500);
      expect(osago.commissionRateBps, id).toBeLessThanOrEqual(1_000);
      for (const { commissionRateBps } of Object.values(others)) {
        expect(commissionRateBps, id).toBeGreaterThanOrEqual(1_500);
        expect(commissionRateBps, id).toBeLessThanOrEqual(3_000);
      }
    }
  });

  test('each product has two sellers at least among the five, so that there is something to compare', () => {
    const sold = SIMULATORS.slice(0, DEFAULT_INSURERS).flatMap(({ book }) => Object.keys(book()));
    for (const product of ['osago', 'travel', 'property', 'life']) {
      expect(sold.filter((other) => other === product).length, product).toBeGreaterThanOrEqual(2);
    }
  });

  test.each(ids)('%s begins with a new book each time', (id) => {
    const book = SIMULATORS.find((simulator) => simulator.id === id)?.book;
    const first = book?.();
    for (const rate of first?.osago.rates ?? []) rate.baseRateMinor = 1;
    expect(book?.()).not.toEqual(first);
  });
});

describe.each(ids)('R10 the adapter of %s', (id) => {
  test.each([
    ['wrong-schema', undefined],
    ['wrong-content-type', 'content-type'],
    ['huge', 'too-large'],
    ['500', 'status'],
    ['429', 'status'],
  ])('refuses a reply under the fault "%s"', async (fault, reason) => {
    const refusal = { name: 'InsurerReplyError', ...(reason && { reason }) };
    await expect(collect(id, fault)).rejects.toMatchObject(refusal);
  });

  test('reads absurd prices as they are said, a hundred times as high: they are for others to hold back', async () => {
    const [right, absurd] = [await collect(id), await collect(id, 'absurd-price')];
    expect(osagoOf(absurd)).toEqual(osagoOf(right).map(([row, price]) => [row, price * 100]));
  });
});

function osagoOf(tariffs: Awaited<ReturnType<typeof collect>>): [string, number][] {
  const osago = tariffs.find(({ product }) => product === 'osago');
  if (osago?.product !== 'osago') throw new Error('no OSAGO tariff');
  return Object.entries(osago.terms.baseRatesMinor);
}
