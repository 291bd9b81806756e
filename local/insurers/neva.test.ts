import { describe, expect, test } from 'vitest';
import { graphqlClient } from './graphql/client.testing.ts';
import { neva } from './neva.ts';

const MTPL = `query MtplProduct($limit: Int!, $offset: Int!) { product(kind: MTPL) { __typename ... on MtplProduct {
  edition rewardPerMille rates(limit: $limit, offset: $offset) {
    totalCount nodes { vehicle priceKopecks period { firstDay lastDay } } } } } }`;
const LIFE = `query LifeProduct { product(kind: LIFE) { __typename ... on LifeProduct {
  rewardPerMille annualRatePerMille ageBands { from to perMille } sex { women men } smoking { smoker nonSmoker }
  work { office manual hazardous } termBands { from to perMille } sumBands { fromKopecks toKopecks perMille } oldestAtEnd }
  ... on ProductNotSold { kind message } } }`;
const TRAVEL = `query TravelProduct { product(kind: TRAVEL) { __typename ... on TravelProduct {
  rewardPerMille dayKopecks area { cis schengen asia worldWithoutNorthAmerica wholeWorld } cover { eur30k eur50k eur100k }
  leisure { calm sport extreme } ageBands { from to perMille } dayBands { from to perMille } }
  ... on ProductNotSold { kind message } } }`;
const ask = graphqlClient(neva);

describe('neva', () => {
  test('lists base rates in kopecks as strings, with the last day included', async () => {
    const { status, contentType, body } = await ask(MTPL, { limit: 2, offset: 1 });
    expect([status, contentType]).toEqual([200, 'application/graphql-response+json; charset=utf-8']);
    expect(body.data.product).toEqual({
      __typename: 'MtplProduct',
      edition: expect.stringMatching(/^[0-9a-f]{12}$/),
      rewardPerMille: '66.5',
      rates: {
        totalCount: 13,
        nodes: [
          { vehicle: 'B/company', priceKopecks: '231155', period: { firstDay: '2025-12-09', lastDay: null } },
          { vehicle: 'B/person', priceKopecks: '438620', period: { firstDay: '2024-01-09', lastDay: '2025-12-08' } },
        ],
      },
    });
  });

  test('gives five rates at most, and none past the end', async () => {
    const { rates } = (await ask(MTPL, { limit: 50, offset: 0 })).body.data.product;
    expect(rates.nodes).toHaveLength(5);
    const past = (await ask(MTPL, { limit: 50, offset: 13 })).body.data.product;
    expect(past.rates).toEqual({ totalCount: 13, nodes: [] });
  });

  test.each([
    { limit: 0, offset: 0 },
    { limit: -5, offset: 0 },
    { limit: 5, offset: -1 },
  ])('answers %j with a GraphQL error and null data', async (variables) => {
    expect(await ask(MTPL, variables)).toMatchObject({
      status: 200,
      body: { data: null, errors: [{ message: 'limit must be positive, offset not negative' }] },
    });
  });

  test('refuses variables of wrong types, unknown kinds and unknown queries with status 400', async () => {
    const wrong = [
      [MTPL, { limit: 5 }],
      [MTPL, { limit: '5', offset: 0 }],
      [MTPL.replace('MTPL', 'KASKO'), { limit: 5, offset: 0 }],
      [MTPL.replaceAll('MtplProduct', 'Mtpl'), { limit: 5, offset: 0 }],
      ['{ __typename }', {}],
    ] as const;
    for (const [query, variables] of wrong) {
      const { status, body } = await ask(query, variables);
      expect([status, Object.keys(body)]).toEqual([400, ['errors']]);
    }
  });

  test('tells factors per mille, null where it does not insure, and bands from and to', async () => {
    const { product } = (await ask(TRAVEL)).body.data;
    expect(product).toMatchObject({
      dayKopecks: '8360',
      leisure: { calm: '1000', sport: '1850', extreme: null },
      ageBands: [
        { from: 0, to: 3, perMille: '1580' },
        { from: 4, to: 17, perMille: '880' },
        { from: 18, to: 64, perMille: '1000' },
        { from: 65, to: 75, perMille: '2080' },
      ],
    });
    expect((await ask(LIFE)).body.data.product).toMatchObject({
      __typename: 'LifeProduct',
      annualRatePerMille: '2.93',
      sumBands: [
        { fromKopecks: '0', toKopecks: '200000000', perMille: '1000' },
        { fromKopecks: '200000001', toKopecks: '800000000', perMille: '960' },
        { fromKopecks: '800000001', toKopecks: '2500000000', perMille: '910' },
      ],
      oldestAtEnd: 70,
    });
  });

  test('says outright that it has ceased to sell a product', async () => {
    const book = neva.book();
    const asked = graphqlClient(neva, book);
    delete book.life;
    expect((await asked(LIFE)).body).toEqual({
      data: { product: { __typename: 'ProductNotSold', kind: 'LIFE', message: 'Продажи прекращены' } },
    });
    expect((await asked(TRAVEL)).body.data.product['__typename']).toBe('TravelProduct');
  });
});
