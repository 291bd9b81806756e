import { expect, test } from 'vitest';
import { absurdPrices } from './absurd-prices.ts';
import { vostok, zapad } from './stand.testing.ts';

test('every price is a hundred times as high, and nothing else is different', () => {
  const { osago, travel, property, life } = vostok.book();
  expect(absurdPrices(vostok.book())).toEqual({
    osago: { ...osago, rates: osago.rates.map((rate) => ({ ...rate, baseRateMinor: rate.baseRateMinor * 100 })) },
    travel: { ...travel, terms: { ...travel?.terms, dailyRateMinor: 900_000 } },
    property: { ...property, terms: { ...property?.terms, ratePerMille: { flat: '285' } } },
    life: { ...life, terms: { ...life?.terms, ratePerMille: '205.01' } },
  });
});

test('the book given stays as it is, and what it does not sell is not there', () => {
  const book = vostok.book();
  absurdPrices(book);
  expect(book).toEqual(vostok.book());
  expect(Object.keys(absurdPrices(zapad.book()))).toEqual(['osago']);
});
