import { describe, expect, test } from 'vitest';
import { baikal } from './baikal.ts';
import { graphqlClient } from './graphql/client.testing.ts';

const TARIFFS = `query AgentTariffs($first: Int!, $after: String) { agentTariffs(product: OSAGO, first: $first, after: $after) {
  edition commissionBasisPoints edges { node { vehicleClass baseRate { amount currency } validFrom validTo } }
  pageInfo { hasNextPage endCursor } } }`;
const TRAVEL = `query TravelTariffs { travelTariffs(first: 1) { totalCount edges { node {
  commissionBasisPoints dailyRate { amount currency } zones { zone basisPoints } limits { euros basisPoints }
  activities { activity basisPoints } travellerAge { lowerBounds basisPoints limit } tripDays { lowerBounds basisPoints limit } } } } }`;
const ask = graphqlClient(baikal);

describe('baikal', () => {
  test('lists base rates in roubles, with moments of Moscow', async () => {
    const { status, contentType, body } = await ask(TARIFFS, { first: 2 });
    expect([status, contentType]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body.data.agentTariffs).toEqual({
      edition: expect.stringMatching(/^[0-9a-f]{12}$/),
      commissionBasisPoints: 925,
      edges: [
        {
          node: {
            vehicleClass: 'CAR_COMPANY',
            baseRate: { amount: '2650.90', currency: 'RUB' },
            validFrom: '2025-12-09T00:00:00+03:00',
            validTo: null,
          },
        },
        {
          node: {
            vehicleClass: 'CAR_INDIVIDUAL',
            baseRate: { amount: '4712.85', currency: 'RUB' },
            validFrom: '2025-12-09T00:00:00+03:00',
            validTo: '2027-04-01T00:00:00+03:00',
          },
        },
      ],
      pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
    });
  });

  test('gives every rate once, at most four at a time, to one who follows the cursors', async () => {
    const classes: string[] = [];
    const sizes: number[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const { edges, pageInfo } = (await ask(TARIFFS, { first: 50, after })).body.data.agentTariffs;
      classes.push(...edges.map((edge: { node: { vehicleClass: string } }) => edge.node.vehicleClass));
      sizes.push(edges.length);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    }
    expect(sizes).toEqual([4, 4, 4, 1]);
    expect(new Set(classes).size).toBe(11);
  });

  test('gives nothing after the end, without a next page', async () => {
    expect((await ask(TARIFFS, { first: 1, after: btoa('rate:13') })).body.data.agentTariffs).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  test.each([
    [{ first: 2, after: 'x' }, 'after is no cursor of this list'],
    [{ first: 2, after: btoa('rate:14') }, 'after is no cursor of this list'],
    [{ first: 0 }, 'first must be at least 1'],
    [{ first: -1 }, 'first must be at least 1'],
  ])('answers %j with a GraphQL error and null data', async (variables, message) => {
    expect(await ask(TARIFFS, variables)).toMatchObject({
      status: 200,
      body: { data: null, errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  test('refuses variables of wrong types and queries that it does not know with status 400', async () => {
    for (const variables of [{ first: '2' }, { first: 1.5 }, {}, { first: 1, after: 2 }]) {
      expect(await ask(TARIFFS, variables)).toMatchObject({ status: 400, body: { errors: [{}] } });
    }
    const kasko = await ask(TARIFFS.replace('OSAGO', 'KASKO'), { first: 1 });
    expect(kasko).toMatchObject({
      status: 400,
      body: { errors: [{ message: 'Unknown query: only AgentTariffs, TravelTariffs, PropertyTariffs as registered' }] },
    });
    expect(kasko.body).not.toHaveProperty('data');
  });

  test('tells steps by their lower bounds and the limit, factors in basis points', async () => {
    const { totalCount, edges } = (await ask(TRAVEL)).body.data.travelTariffs;
    expect(totalCount).toBe(1);
    expect(edges[0].node).toMatchObject({
      commissionBasisPoints: 2750,
      dailyRate: { amount: '97.45', currency: 'RUB' },
      activities: [
        { activity: 'QUIET', basisPoints: 10_000 },
        { activity: 'AMATEUR_SPORT', basisPoints: 17_500 },
        { activity: 'EXTREME', basisPoints: 31_500 },
      ],
      tripDays: { lowerBounds: [0, 11, 31, 91], basisPoints: [10_000, 9_600, 9_100, 7_900], limit: 365 },
    });
  });

  test('lists no tariff of a product that it has ceased to sell', async () => {
    const book = baikal.book();
    const asked = graphqlClient(baikal, book);
    delete book.travel;
    expect((await asked(TRAVEL)).body).toEqual({ data: { travelTariffs: { totalCount: 0, edges: [] } } });
  });

  test('shows a change of its rates by another edition, and one of another product not', async () => {
    const book = baikal.book();
    const asked = graphqlClient(baikal, book);
    const edition = async () => (await asked(TARIFFS, { first: 1 })).body.data.agentTariffs.edition;
    const before = await edition();
    delete book.travel;
    expect(await edition()).toBe(before);
    book.osago.rates.pop();
    expect(await edition()).not.toBe(before);
  });
});
