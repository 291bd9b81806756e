import { z } from 'zod';
import { queryGraphql } from '../protocols/graphql.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { readPages } from '../protocols/read-pages.ts';
import type { Insurer } from './insurer.ts';
import { nevaLife } from './neva/life.ts';
import { nevaTravel } from './neva/travel.ts';
import { Kopecks, Reward } from './neva/values.ts';
import { DAY_MS, moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

const LIMIT = 50;

const MTPL = `query MtplProduct($limit: Int!, $offset: Int!) {
  product(kind: MTPL) {
    __typename
    ... on MtplProduct {
      edition
      rewardPerMille
      rates(limit: $limit, offset: $offset) {
        totalCount
        nodes { vehicle priceKopecks period { firstDay lastDay } }
      }
    }
  }
}`;

const Vehicle = rowOf({
  'A/any': '1',
  'B/company': '2.1',
  'B/person': '2.2',
  'B/taxi': '2.3',
  'C/to16t': '3.1',
  'C/over16t': '3.2',
  'D1/any': '4.1',
  'D/any': '4.2',
  'D/route': '4.3',
  'Tb/any': '5',
  'Tm/any': '6',
  'F/any': '7',
});

/** `lastDay` is the last day on which the rate holds. */
const Rate = z
  .object({
    vehicle: Vehicle,
    priceKopecks: Kopecks.pipe(z.int().positive()),
    period: z.object({
      firstDay: z.iso.date().transform(moscowDayMs),
      lastDay: z.iso.date().transform(moscowDayMs).nullable(),
    }),
  })
  .transform(({ vehicle, priceKopecks, period: { firstDay, lastDay } }) => ({
    row: vehicle,
    baseRateMinor: priceKopecks,
    fromMs: firstDay,
    untilMs: lastDay === null ? null : lastDay + DAY_MS,
  }));

const MtplData = z
  .object({
    product: z.object({
      __typename: z.literal('MtplProduct'),
      edition: z.string().min(1).max(64),
      rewardPerMille: Reward,
      rates: z.object({ totalCount: z.int().nonnegative(), nodes: z.array(Rate).max(1000) }),
    }),
  })
  .transform(({ product: { edition, rewardPerMille, rates } }) => ({
    edition,
    commissionRateBps: rewardPerMille,
    rates,
  }));

export default {
  id: 'neva',
  protocol: 'graphql',
  async collect(ctx, baseUrl) {
    const url = `${baseUrl}/graphql`;
    const pages = await readPages(async (cursor = '0') => {
      const offset = Number(cursor);
      const page = await queryGraphql(ctx, { url, query: MTPL, variables: { limit: LIMIT, offset }, schema: MtplData });
      const { totalCount, nodes } = page.rates;
      const end = offset + nodes.length;
      if (end > totalCount) throw new InsurerReplyError('paging', 'more rates than the total count says');
      return { ...page, next: end < totalCount ? String(end) : undefined };
    });
    const [{ commissionRateBps }] = pages;
    const rates = pages.flatMap((page) => page.rates.nodes);
    const travel = await queryGraphql(ctx, { url, ...nevaTravel, variables: {} });
    const life = await queryGraphql(ctx, { url, ...nevaLife, variables: {} });
    return [osagoTariff(rates, { commissionRateBps, now: ctx.now() }), ...travel.product, ...life.product];
  },
} satisfies Insurer;
