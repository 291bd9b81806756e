import { expect, test } from 'vitest';
import { describeSoapService, expectFault, soapClient } from './soap/service.testing.ts';
import { yenisei as simulator } from './yenisei.ts';

const NAMESPACE = 'https://b2b.yenisei-polis.example/pricelist/2024-10';
const OSAGO = `${NAMESPACE}/IPriceList/OsagoPriceList`;
const LIFE = `${NAMESPACE}/IPriceList/LifePriceList`;
const client = { simulator, path: '/b2b/PriceList.svc', actions: [OSAGO, LIFE] };

const ask = (operation: string, agent = ' agent="insuretech"') => `<${operation} xmlns="${NAMESPACE}"${agent}/>`;
const textOf = async (action: string, book = simulator.book()) =>
  (await soapClient(client, book).call(action, ask(action.slice(`${NAMESPACE}/IPriceList/`.length)))).text();

describeSoapService(client, [
  [OSAGO, ask('OsagoPriceList')],
  [LIFE, ask('LifePriceList')],
]);

test.each([
  [OSAGO, ask('OsagoPriceList', ''), 'Attribute agent is missing or wrong'],
  [LIFE, ask('LifePriceList', ' agent=""'), 'Attribute agent is missing or wrong'],
  [LIFE, ask('LifePriceList', ' agent="Someone Else"'), 'Attribute agent is missing or wrong'],
  [LIFE, ask('OsagoPriceList'), 'No LifePriceList in the body'],
])('yenisei answers %s with %s by the fault %s', async (action, body, words) => {
  await expectFault(await soapClient(client).call(action, body), words);
});

test('yenisei counts the rows that it sends', async () => {
  for (const [action, row] of [
    [OSAGO, /<line /g],
    [LIFE, /<(factor|threshold) /g],
  ] as const) {
    const text = await textOf(action);
    expect(text).toContain(` total="${text.match(row)?.length}"`);
  }
});

test('yenisei marks all products by one list, which any change renews', async () => {
  const list = (text: string) => / list="([^"]*)"/.exec(text)?.[1];
  const book = simulator.book();
  const before = list(await textOf(OSAGO, book));
  expect(list(await textOf(LIFE, book))).toBe(before);
  delete book.life;
  expect(list(await textOf(OSAGO, book))).not.toBe(before);
});

test('yenisei says that a product is not on sale, and nothing else of it', async () => {
  const { osago } = simulator.book();
  expect(await textOf(LIFE, { osago })).toMatch(/<LifePriceListResponse xmlns="[^"]*" list="[^"]*" onSale="false"\/>/);
});
