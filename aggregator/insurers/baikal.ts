import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { queryGraphql } from '../protocols/graphql.ts';
import { readPages } from '../protocols/read-pages.ts';
import { baikalProperty } from './baikal/property.ts';
import { baikalTravel } from './baikal/travel.ts';
import { Roubles } from './baikal/values.ts';
import type { Insurer } from './insurer.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

const PAGE_SIZE = 50;

const TARIFFS = `query AgentTariffs($first: Int!, $after: String) {
  agentTariffs(product: OSAGO, first: $first, after: $after) {
    edition
    commissionBasisPoints
    edges { node { vehicleClass baseRate { amount currency } validFrom validTo } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const VehicleClass = rowOf({
  MOTORCYCLE: '1',
  CAR_COMPANY: '2.1',
  CAR_INDIVIDUAL: '2.2',
  CAR_TAXI: '2.3',
  TRUCK_TO_16T: '3.1',
  TRUCK_OVER_16T: '3.2',
  BUS_SMALL: '4.1',
  BUS: '4.2',
  BUS_REGULAR: '4.3',
  TROLLEYBUS: '5',
  TRAM: '6',
  SPECIAL_MACHINE: '7',
});

/** RFC 3339 with an offset. */
const Moment = z.iso.datetime({ offset: true }).transform((moment) => Date.parse(moment));

/** `validTo` is the first moment at which the rate no longer holds. */
const Rate = z
  .object({ vehicleClass: VehicleClass, baseRate: Roubles, validFrom: Moment, validTo: Moment.nullable() })
  .transform(({ vehicleClass, baseRate, validFrom, validTo }) => ({
    row: vehicleClass,
    baseRateMinor: baseRate,
    fromMs: validFrom,
    untilMs: validTo,
  }));

const PageInfo = z
  .discriminatedUnion('hasNextPage', [
    z.object({ hasNextPage: z.literal(true), endCursor: z.string().min(1).max(200) }),
    z.object({ hasNextPage: z.literal(false) }),
  ])
  .transform((info) => (info.hasNextPage ? info.endCursor : undefined));

const TariffsData = z
  .object({
    agentTariffs: z.object({
      edition: z.string().min(1).max(64),
      commissionBasisPoints: RateBps,
      edges: z.array(z.object({ node: Rate })).max(1000),
      pageInfo: PageInfo,
    }),
  })
  .transform(({ agentTariffs }) => ({
    edition: agentTariffs.edition,
    next: agentTariffs.pageInfo,
    commissionRateBps: agentTariffs.commissionBasisPoints,
    rates: agentTariffs.edges.map(({ node }) => node),
  }));

export default {
  id: 'baikal',
  protocol: 'graphql',
  async collect(ctx, baseUrl) {
    const url = `${baseUrl}/graphql`;
    const pages = await readPages((after) =>
      queryGraphql(ctx, {
        url,
        query: TARIFFS,
        variables: { first: PAGE_SIZE, after: after ?? null },
        schema: TariffsData,
      }),
    );
    const [{ commissionRateBps }] = pages;
    const rates = pages.flatMap((page) => page.rates);
    const { travelTariffs } = await queryGraphql(ctx, { url, ...baikalTravel, variables: {} });
    const { propertyTariffs } = await queryGraphql(ctx, { url, ...baikalProperty, variables: {} });
    return [osagoTariff(rates, { commissionRateBps, now: ctx.now() }), ...travelTariffs, ...propertyTariffs];
  },
} satisfies Insurer;
