import { describe, expect, test } from 'vitest';
import { don } from './don.ts';

const app = don.serve(don.book());
const ask = async (path: string, from = app) => {
  const response = await from.request(`/v2/tariffs${path}`);
  return { status: response.status, body: await response.json() };
};

describe('don', () => {
  test('counts in kopecks and writes periods with both days included', async () => {
    const { body } = await ask('/mtpl?offset=2&limit=3');
    expect(body).toMatchObject({ product: 'mtpl', agent_fee_bp: 810, page: { offset: 2, limit: 3, total: 13 } });
    expect(body.items).toEqual([
      { class: 'M1-P', base_kopecks: 463_900, period: '2025-12-09/2026-08-14' },
      { class: 'M1-P', base_kopecks: 482_750, period: '2026-08-15/2027-02-28' },
      { class: 'M1-P', base_kopecks: 494_120, period: '2027-03-01/..' },
    ]);
  });

  test('gives at most five at a time, and nothing at the very end', async () => {
    const { body } = await ask('/mtpl?limit=100');
    expect([body.page.limit, body.items.length]).toEqual([5, 5]);
    expect((await ask('/mtpl?offset=13')).body.items).toEqual([]);
  });

  test.each([
    ['/mtpl?offset=-1', 400, 'wrong_offset'],
    ['/mtpl?offset=1e1', 400, 'wrong_offset'],
    ['/mtpl?limit=0', 400, 'wrong_limit'],
    ['/mtpl?limit=1000', 400, 'wrong_limit'],
    ['/mtpl?offset=14', 416, 'offset_past_end'],
    ['/hull', 404, 'unknown_product'],
  ])('refuses %s with status %i', async (path, status, code) => {
    expect(await ask(path)).toMatchObject({ status, body: { error: { code } } });
  });

  test('writes bands as ranges without a gap: sums in kopecks, a rouble apart', async () => {
    const { tariff } = (await ask('/property')).body;
    expect(tariff.sum_kopecks.slice(0, 2)).toEqual([
      { from: 0, to: 100_000_000, factor_e4: 11_200 },
      { from: 100_000_100, to: 500_000_000, factor_e4: 10_000 },
    ]);
    expect(tariff).toMatchObject({ annual_rate_e7: { flat: 26_500 }, walls_e4: { timber: 15_500 } });
  });

  test('answers a tariff of null for property that is no longer sold, and a new revision', async () => {
    const book = don.book();
    const changing = don.serve(book);
    const before = await ask('/property', changing);
    delete book.property;
    const after = await ask('/property', changing);
    expect(after).toMatchObject({ status: 200, body: { product: 'property', tariff: null } });
    expect(after.body.revision).not.toBe(before.body.revision);
  });
});
