import { z } from 'zod';
import { TravelTerms } from '#contracts/tariff.ts';
import { byField, Kopecks, notSold, Reward, Steps } from './values.ts';

const query = `query TravelProduct {
  product(kind: TRAVEL) {
    __typename
    ... on TravelProduct {
      rewardPerMille
      dayKopecks
      area { cis schengen asia worldWithoutNorthAmerica wholeWorld }
      cover { eur30k eur50k eur100k }
      leisure { calm sport extreme }
      ageBands { from to perMille }
      dayBands { from to perMille }
    }
    ... on ProductNotSold { kind message }
  }
}`;

const Travel = z
  .object({
    __typename: z.literal('TravelProduct'),
    rewardPerMille: Reward,
    dayKopecks: Kopecks.pipe(TravelTerms.shape.dailyRateMinor),
    area: byField({
      cis: 'cis',
      schengen: 'schengen',
      asia: 'asia',
      worldWithoutNorthAmerica: 'world',
      wholeWorld: 'usa-canada',
    }),
    cover: byField({ eur30k: '30000', eur50k: '50000', eur100k: '100000' }),
    leisure: byField({ calm: 'none', sport: 'sport', extreme: 'extreme' }),
    ageBands: Steps,
    dayBands: Steps,
  })
  .transform((travel) => [
    {
      product: 'travel' as const,
      commissionRateBps: travel.rewardPerMille,
      terms: {
        dailyRateMinor: travel.dayKopecks,
        territory: travel.area,
        sumInsuredEur: travel.cover,
        activity: travel.leisure,
        age: travel.ageBands,
        days: travel.dayBands,
      },
    },
  ]);

/** Neva's travel tariff: a list of one, or of none when it is not sold. */
export const nevaTravel = {
  query,
  schema: z.object({ product: z.discriminatedUnion('__typename', [Travel, notSold('TRAVEL')]) }),
};
