import { describe, expect, test } from 'vitest';
import { graphqlClient } from './graphql/client.testing.ts';
import { oka } from './oka.ts';

const PRICES = `query PriceList($page: Int!) { revision: priceListRevision onSale: linesOnSale motor: avto(stranica: $page) {
  fee: agentFee number: pageNumber of: pageCount
  rows: entries { kind: vehicleKind price: thousands since: validSince before: validBefore } }
  home: imushchestvo { fee: agentFee premises: percents(by: POMESHCHENIE) { code value } walls: ratios(by: STENY) { code value }
  occupancy: ratios(by: PROZHIVANIE) { code value } alarm: ratios(by: SIGNALIZACIYA) { code value }
  buildingAge: steps(by: VOZRAST_ZDANIYA) { to value } sumInsured: sumSteps { to: toThousands value }
  least: leastThousands months: steps(by: MESYACY) { to value } } }`;
const ask = graphqlClient(oka);

describe('oka', () => {
  test('tells all products at once, in thousands of roubles and per cent, under the names that the query gives', async () => {
    const { status, body } = await ask(PRICES, { page: 1 });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      revision: expect.stringMatching(/^[0-9a-f]{12}$/),
      onSale: ['AVTO', 'IMUSHCHESTVO'],
      motor: { fee: '8.15', number: 1, of: 4 },
      home: {
        fee: '26.40',
        premises: [
          { code: 'KVARTIRA', value: '0.31500' },
          { code: 'DOM', value: '0.52500' },
        ],
        walls: [
          { code: 'KIRPICH', value: '1.0000' },
          { code: 'BETON', value: '0.9300' },
        ],
        least: '280.00000',
      },
    });
    expect(body.data.motor.rows).toEqual([
      { kind: 'LEGK_YUR', price: '2.09480', since: '20250127', before: '20251209' },
      { kind: 'LEGK_YUR', price: '2.54735', since: '20251209', before: null },
      { kind: 'LEGK_FIZ', price: '5.47815', since: '20251209', before: null },
    ]);
  });

  test('has its eleven motor rows on four pages, each once', async () => {
    const pages = [1, 2, 3, 4].map(async (page) => (await ask(PRICES, { page })).body.data.motor.rows);
    const rows = (await Promise.all(pages)).map((page) => page.length);
    expect(rows).toEqual([3, 3, 3, 2]);
  });

  test.each([0, -1, 5])('answers page %j with a GraphQL error and null data', async (page) => {
    expect(await ask(PRICES, { page })).toMatchObject({
      status: 200,
      body: { data: null, errors: [{ message: `There is no page ${page}, the last is 4` }] },
    });
  });

  test('refuses variables of wrong types, other aliases and unknown queries with status 400', async () => {
    const wrong = [
      [PRICES, {}],
      [PRICES, { page: '1' }],
      [PRICES.replace('motor:', 'osago:'), { page: 1 }],
      ['query PriceList { onSale: linesOnSale }', {}],
    ] as const;
    for (const [query, variables] of wrong) {
      const { status, body } = await ask(query, variables);
      expect([status, Object.keys(body)]).toEqual([400, ['errors']]);
    }
  });

  test('gives null for a product that it has ceased to sell, leaves it out of its list, and changes the revision', async () => {
    const book = oka.book();
    const asked = graphqlClient(oka, book);
    const before = (await asked(PRICES, { page: 1 })).body.data.revision;
    delete book.property;
    const { revision, onSale, home } = (await asked(PRICES, { page: 1 })).body.data;
    expect({ onSale, home }).toEqual({ onSale: ['AVTO'], home: null });
    expect(revision).not.toBe(before);
  });
});
