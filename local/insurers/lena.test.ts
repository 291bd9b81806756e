import { expect, test } from 'vitest';
import { lena as simulator } from './lena.ts';
import { describeSoapService, expectFault, soapClient } from './soap/service.testing.ts';

const NAMESPACE = 'http://ws.lena-strah.example/tarify/2';
const ACTION = `${NAMESPACE}/PoluchitTarify`;
const client = { simulator, path: '/services/Tarify', actions: [ACTION] };

const ask = (product: string, page = '1') =>
  `<ZaprosTarifov xmlns="${NAMESPACE}"><Produkt>${product}</Produkt><NomerStranicy>${page}</NomerStranicy></ZaprosTarifov>`;

describeSoapService(client, [
  [ACTION, ask('OSAGO')],
  [ACTION, ask('VZR')],
  [ACTION, ask('ZHIZN')],
]);

test.each([
  [ask('KASKO'), 'Produkt: nevernoe znachenie'],
  [ask('OSAGO', '0'), 'NomerStranicy: nevernoe znachenie'],
  [ask('OSAGO', 'last'), 'NomerStranicy: nevernoe znachenie'],
  [ask('OSAGO').replace(/<Nomer.*y>/, ''), 'NomerStranicy: nevernoe znachenie'],
  [ask('OSAGO', '3'), 'NomerStranicy: takoi stranicy net'],
  [ask('VZR', '99'), 'NomerStranicy: takoi stranicy net'],
])('lena answers %s by the fault %s', async (body, words) => {
  await expectFault(await soapClient(client).call(ACTION, body), words);
});

test('lena cuts her rates into two pages, none of them twice', async () => {
  const page = async (number: string) => (await soapClient(client).call(ACTION, ask('OSAGO', number))).text();
  const rates = (await Promise.all(['1', '2'].map(page))).map((text) => text.match(/<t:Stavka .*/g) ?? []);
  expect(rates.map(({ length }) => length)).toEqual([7, 6]);
  expect(new Set(rates.flat()).size).toBe(13);
});

test('lena gives a nil tariff of no rows for a product that she no longer sells', async () => {
  const { osago } = simulator.book();
  const text = await (await soapClient(client, { osago }).call(ACTION, ask('VZR'))).text();
  expect(text).toContain('VsegoStranic="0" VsegoStrok="0"');
  expect(text).toMatch(/<m:Tarif xmlns:xsi="[^"]*" xsi:nil="true"\/><\/m:Otvet/);
});
