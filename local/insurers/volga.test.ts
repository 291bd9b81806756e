import { describe, expect, test } from 'vitest';
import { volga } from './volga.ts';

const app = volga.serve(volga.book());
const ask = async (query: string, from = app) => {
  const response = await from.request(`/api/v1/tarify${query}`);
  return { status: response.status, body: await response.json() };
};

describe('volga', () => {
  test('prints roubles and per cent with a comma, and dates with the last day included', async () => {
    const { body } = await ask('?vid=osago&page=2');
    expect(body).toMatchObject({ voznagrazhdenie_agenta_proc: '7,50', stranica: 2, vsego_stranic: 7, vsego_strok: 13 });
    expect(body.tarify[0]).toMatchObject({ kod: '2.2', bazovaya_stavka: '4986,30', s: '09.12.2025', po: '30.06.2027' });
  });

  test.each([
    ['?vid=kasko', 404],
    ['', 404],
    ['?vid=osago&page=0', 400],
    ['?vid=osago&page=x', 400],
    ['?vid=vzr&page=1.5', 400],
    ['?vid=vzr&page=', 400],
  ])('refuses %s with status %i and says why', async (query, status) => {
    expect(await ask(query)).toEqual({ status, body: { oshibka: expect.any(String) } });
  });

  test('answers a page past the end with no lines', async () => {
    expect((await ask('?vid=osago&page=8')).body).toMatchObject({ stranica: 8, vsego_stranic: 7, tarify: [] });
    expect((await ask('?vid=vzr&page=4')).body).toMatchObject({ stranica: 4, vsego_stranic: 3, koefficienty: [] });
  });

  test('says of travel that it is no longer sold, and begins a new edition with any change', async () => {
    const book = volga.book();
    const changing = volga.serve(book);
    const before = await ask('?vid=vzr', changing);
    if (book.travel) book.travel.terms.dailyRateMinor += 1;
    const after = await ask('?vid=vzr', changing);
    expect([before.body.stavka_za_den, after.body.stavka_za_den]).toEqual(['95,40', '95,41']);
    expect(after.body.redakciya).not.toBe(before.body.redakciya);
    delete book.travel;
    const closed = await ask('?vid=vzr', changing);
    expect(closed).toMatchObject({ status: 200, body: { prodazha: 'prekrashchena' } });
    expect(closed.body).not.toHaveProperty('koefficienty');
  });
});
