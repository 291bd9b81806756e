import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { createInsurersApp } from './app.ts';
import { demoBooks } from './book.ts';

/** Directive 7204-У of the Bank of Russia, Annex 1: lowest and highest base rate, kopecks. */
const CORRIDORS: Record<string, [number, number]> = {
  '2.1': [72_400, 658_000],
  '2.2': [139_900, 866_500],
  '2.3': [126_700, 1_811_900],
};

const app = createInsurersApp();
const post = (path: string, { body, headers }: { body: string; headers: Record<string, string> }) =>
  app.request(path, { method: 'POST', body, headers });
const soap = (body: string, headers: Record<string, string> = {}) =>
  post('/ural/ws/TariffService', {
    body,
    headers: { 'content-type': 'text/xml', soapaction: '"urn:ural-garant:tariffs:1#GetTariffs"', ...headers },
  });
const graphql = (body: unknown) =>
  post('/baikal/graphql', { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('the demo books', () => {
  const books = Object.values(demoBooks());

  test('sell rows 2.1, 2.2 and 2.3 inside the official corridors, for 5 to 10 % of commission', () => {
    for (const { rates, commissionRateBps } of books) {
      expect(commissionRateBps).toBeGreaterThanOrEqual(500);
      expect(commissionRateBps).toBeLessThanOrEqual(1_000);
      const current = rates.filter(({ from }) => from >= '2025-12-09');
      expect([...new Set(current.map(({ row }) => row))].sort()).toEqual(['2.1', '2.2', '2.3']);
      for (const { row, baseRateMinor } of current) {
        const [low, high] = CORRIDORS[row] ?? [0, 0];
        expect(baseRateMinor).toBeGreaterThanOrEqual(low);
        expect(baseRateMinor).toBeLessThanOrEqual(high);
      }
    }
  });

  test('differ in every price, and are new at each call', () => {
    const prices = books.flatMap(({ rates }) => rates.map(({ baseRateMinor }) => baseRateMinor));
    expect(new Set(prices).size).toBe(prices.length);
    demoBooks().volga.rates.length = 0;
    expect(demoBooks().volga.rates).not.toEqual([]);
  });
});

describe('the simulators', () => {
  test('show a change of their books at the next request', async () => {
    const books = demoBooks();
    const changing = createInsurersApp(books);
    const read = async () => (await changing.request('/volga/api/v1/tarify?vid=osago')).json();
    const before = await read();
    books.volga.rates.splice(0, 1);
    const after = await read();
    expect(after.redakciya).not.toBe(before.redakciya);
    expect(after.tarify[0]).toEqual(before.tarify[1]);
  });

  test('answer /healthz/live', async () => {
    const response = await app.request('/healthz/live');
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'ok', insurers: ['volga', 'ural', 'baikal'] },
    ]);
  });

  test('volga refuses unknown kinds and pages, and a page past the end is empty', async () => {
    expect((await app.request('/volga/api/v1/tarify?vid=kasko')).status).toBe(404);
    expect((await app.request('/volga/api/v1/tarify?vid=osago&page=0')).status).toBe(400);
    expect(await (await app.request('/volga/api/v1/tarify?vid=osago&page=9')).json()).toMatchObject({ tarify: [] });
  });

  test('ural describes its one operation and its own address at ?wsdl', async () => {
    const response = await app.request('http://insurers.test/ural/ws/TariffService?wsdl');
    const text = await response.text();
    expect(XMLValidator.validate(text)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true });
    const { definitions } = parser.parse(text);
    expect(definitions['@targetNamespace']).toBe('urn:ural-garant:tariffs:1');
    expect(definitions.portType.operation['@name']).toBe('GetTariffs');
    expect(definitions.service.port.address['@location']).toBe('http://insurers.test/ural/ws/TariffService');
  });

  test.each([
    ['another envelope', '<Envelope/>', {}, 'soapenv:VersionMismatch'],
    [
      'an unknown operation',
      '<e xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>',
      { soapaction: '"urn:x"' },
      'soapenv:Client',
    ],
    ['a body that is no call', '<e xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>', {}, 'soapenv:Client'],
    ['a broken document', '<e xmlns="http://schemas.xmlsoap.org/soap/envelope/"><', {}, 'soapenv:Client'],
  ])('ural answers %s with a fault and status 500', async (_, body, headers, code) => {
    const response = await soap(body, headers);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(`<faultcode>${code}</faultcode>`);
  });

  test('baikal answers an unknown query, and a wrong cursor or size, with GraphQL errors', async () => {
    const query = `query AgentTariffs($first: Int!, $after: String) { agentTariffs(product: OSAGO, first: $first, after: $after) {
      edition commissionBasisPoints edges { node { vehicleClass baseRate { amount currency } validFrom validTo } }
      pageInfo { hasNextPage endCursor } } }`;
    for (const variables of [{ first: 2, after: 'x' }, { first: 0 }, { first: '2' }, {}]) {
      const wrong = await graphql({ query, variables });
      expect(wrong.status).toBe(200);
      expect(await wrong.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    }
    expect(await (await graphql({ query, variables: { first: 1 } })).json()).toMatchObject({
      data: { agentTariffs: { edges: [{ node: { vehicleClass: 'CAR_COMPANY' } }], pageInfo: { hasNextPage: true } } },
    });
    const unknown = await graphql({ query: '{ __schema { types { name } } }' });
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    expect((await graphql(null)).status).toBe(400);
  });
});
