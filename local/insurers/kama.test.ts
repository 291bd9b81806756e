import { describe, expect, test } from 'vitest';
import { kama } from './kama.ts';

const app = kama.serve(kama.book());
const ask = async (path: string, from = app) => {
  const response = await from.request(`/hs/agent${path}`);
  return { status: response.status, body: await response.json() };
};

describe('kama', () => {
  test('counts in thousands of roubles, per mille and seconds of Moscow days', async () => {
    const { body } = await ask('/osago');
    expect(body).toMatchObject({ КомиссияПромилле: 68.5, Всего: 12 });
    expect(body.Записи[0]).toEqual({
      КлассТС: 222,
      СтавкаТысРуб: '5.31290',
      ДействуетС: Date.parse('2025-12-09T00:00:00+03:00') / 1_000,
      ДействуетПо: Date.parse('2027-01-14T23:59:59+03:00') / 1_000,
    });
  });

  test('names the next page by a link relative to this one, and none on the last', async () => {
    const links: unknown[] = [];
    for (let link: string | null = 'osago'; link !== null; link = links.at(-1) as string | null) {
      links.push((await ask(`/${link}`)).body.Далее);
    }
    expect(links).toEqual(['osago?skip=4', 'osago?skip=8', null]);
  });

  test.each([
    ['/osago?skip=-4', 400],
    ['/osago?skip=x', 400],
    ['/life?skip=', 400],
    ['/osago?skip=12', 404],
    ['/life?skip=1', 404],
    ['/kasko', 404],
  ])('refuses %s with status %i and says why', async (path, status) => {
    expect(await ask(path)).toEqual({ status, body: { Ошибка: expect.any(String) } });
  });

  test('writes bands by the first value that is outside, and coefficients per mille', async () => {
    const [programme] = (await ask('/life')).body.Записи;
    expect(programme.Возраст.slice(0, 2)).toEqual([
      { Менее: 31, Промилле: 1_000 },
      { Менее: 41, Промилле: 1_450 },
    ]);
    expect(programme.Срок.at(-1)).toEqual({ Менее: 31, Промилле: 912.5 });
    expect(programme.Пол).toEqual([
      { Код: 'Ж', Промилле: 850 },
      { Код: 'М', Промилле: 1_150 },
    ]);
  });

  test('answers an empty list for life that is no longer sold, of a new edition', async () => {
    const book = kama.book();
    const changing = kama.serve(book);
    const before = await ask('/life', changing);
    delete book.life;
    const after = await ask('/life', changing);
    expect(after).toMatchObject({ status: 200, body: { Всего: 0, Записи: [], Далее: null } });
    expect(after.body.Редакция).not.toBe(before.body.Редакция);
  });
});
