import { expect, test } from 'vitest';
import { createBook } from './book.ts';
import type { Answered, Client, Question } from './client.ts';
import { sell } from './sell.ts';
import type { HttpRequest } from './send.ts';

const quoteOf = (region: string) =>
  JSON.stringify({
    risk: { startsOn: '2027-01-01' },
    offers: [{ token: `offer-of-${region}`, premium: { amountMinor: region === 'msk' ? 500 : 700 } }],
  });

/** A client whose regions quote, and sell what `buy` says; `moved` is where a purchase goes when its region is gone. */
function createShop({ isGone = false, status = 201 } = {}) {
  const bought: { region: string; key: string | undefined; token: string }[] = [];
  const client: Client = {
    async ask({ what, region, prepare }: Question): Promise<Answered> {
      const request = await prepare(region);
      if (what === 'quote') return { status: 200, headers: {}, text: quoteOf(region), region };
      const note = (place: string, { headers, body }: HttpRequest) =>
        bought.push({ region: place, key: headers['idempotency-key'], token: JSON.parse(body ?? '').offer });
      note(region, request);
      if (!isGone) return { status, headers: {}, text: JSON.stringify({ id: 'one', region }), region };
      note('msk', await prepare('msk'));
      return { status, headers: {}, text: JSON.stringify({ id: 'two', region: 'msk' }), region: 'msk' };
    },
  };
  const book = createBook();
  const question = (): HttpRequest => ({ method: 'GET', path: '/v1/quotes/life', headers: {} });
  return { book, bought, sale: () => sell({ client, book, now: () => 0, question }, { region: 'nsk', dueAt: 0 }) };
}

test('the cheapest offer is bought under a key, and the book has both', async () => {
  const { book, bought, sale } = createShop();
  await sale();
  const [wanted] = book.wanted;
  expect(wanted).toMatchObject({
    home: 'nsk',
    offer: { token: 'offer-of-nsk', premiumMinor: 700, startsOn: '2027-01-01' },
  });
  expect(bought).toEqual([{ region: 'nsk', key: wanted?.key, token: 'offer-of-nsk' }]);
  expect(book.acknowledged).toEqual([{ key: wanted?.key, policy: { id: 'one', region: 'nsk' } }]);
});

test('cut off, a sale is made anew in the other region under another key; the first stays open in the book', async () => {
  const { book, bought, sale } = createShop({ isGone: true });
  await sale();
  expect(bought.map(({ region, token }) => [region, token])).toEqual([
    ['nsk', 'offer-of-nsk'],
    ['msk', 'offer-of-msk'],
  ]);
  const [first, second] = book.wanted;
  expect(first?.key).not.toBe(second?.key);
  expect(second).toMatchObject({ home: 'msk', offer: { premiumMinor: 500 } });
  expect(book.acknowledged.map(({ key }) => key)).toEqual([second?.key]);
});

test('what was not answered with 201 is not taken for sold', async () => {
  const { book, sale } = createShop({ status: 503 });
  await sale();
  expect([book.wanted.length, book.acknowledged.length]).toEqual([1, 0]);
});
