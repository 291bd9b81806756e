import { expect, test } from 'vitest';
import { describeSoapService, expectFault, soapClient } from './soap/service.testing.ts';
import { ural as simulator } from './ural.ts';

const NAMESPACE = 'urn:ural-garant:tariffs:1';
const TARIFFS = `${NAMESPACE}#GetTariffs`;
const COEFFICIENTS = `${NAMESPACE}#GetCoefficients`;
const client = { simulator, path: '/ws/TariffService', actions: [TARIFFS, COEFFICIENTS] };

const window = (product: string, { offset = '0', limit = '50' } = {}) =>
  `<Product>${product}</Product><Offset>${offset}</Offset><Limit>${limit}</Limit>`;
const tariffs = (inner: string) => `<GetTariffs xmlns="${NAMESPACE}">${inner}</GetTariffs>`;
const coefficients = (inner: string) => `<GetCoefficients xmlns="${NAMESPACE}">${inner}</GetCoefficients>`;

describeSoapService(client, [
  [TARIFFS, tariffs(window('OSAGO'))],
  [COEFFICIENTS, coefficients(window('PROPERTY'))],
  [COEFFICIENTS, coefficients(window('LIFE', { offset: '12' }))],
]);

test.each([
  [TARIFFS, tariffs(window('KASKO')), 'Unknown product'],
  [TARIFFS, tariffs(window('LIFE')), 'Unknown product'],
  [TARIFFS, tariffs(window('OSAGO', { offset: '-1' })), 'Wrong Offset or Limit'],
  [TARIFFS, tariffs(window('OSAGO', { limit: 'all' })), 'Wrong Offset or Limit'],
  [TARIFFS, tariffs('<Product>OSAGO</Product>'), 'Wrong Offset or Limit'],
  [COEFFICIENTS, coefficients(window('OSAGO')), 'Unknown product'],
  [COEFFICIENTS, coefficients(window('LIFE', { offset: '1.5' })), 'Wrong Offset or Limit'],
  [COEFFICIENTS, tariffs(window('LIFE')), 'No GetCoefficients in the body'],
])('ural answers %s with %s by the fault %s', async (action, body, words) => {
  await expectFault(await soapClient(client).call(action, body), words);
});

test('ural gives no more rows than a page has, and none past the end', async () => {
  const rows = async (offset: string, limit: string) => {
    const text = await (await soapClient(client).call(TARIFFS, tariffs(window('OSAGO', { offset, limit })))).text();
    return [text.match(/<tns:Total>\d+/)?.[0], text.split('<tns:Rate ').length - 1];
  };
  expect(await rows('0', '50')).toEqual(['<tns:Total>13', 5]);
  expect(await rows('0', '3')).toEqual(['<tns:Total>13', 3]);
  expect(await rows('10', '50')).toEqual(['<tns:Total>13', 3]);
  expect(await rows('13', '50')).toEqual(['<tns:Total>13', 0]);
});

test('ural says of a product that it no longer sells that it is withdrawn, and nothing else of it', async () => {
  const { osago } = simulator.book();
  const response = await soapClient(client, { osago }).call(COEFFICIENTS, coefficients(window('LIFE')));
  expect(await response.text()).toMatch(/<\/tns:Edition><tns:Status>WITHDRAWN<\/tns:Status><\/tns:GetCoeff/);
});
