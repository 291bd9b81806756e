import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { TravelTerms } from '#contracts/tariff.ts';
import { listed, oneOrNone, Roubles, Steps } from './values.ts';

const query = `query TravelTariffs {
  travelTariffs(first: 1) {
    totalCount
    edges { node {
      commissionBasisPoints
      dailyRate { amount currency }
      zones { zone basisPoints }
      limits { euros basisPoints }
      activities { activity basisPoints }
      travellerAge { lowerBounds basisPoints limit }
      tripDays { lowerBounds basisPoints limit }
    } }
  }
}`;

const TravelNode = z
  .object({
    commissionBasisPoints: RateBps,
    dailyRate: Roubles.pipe(TravelTerms.shape.dailyRateMinor),
    zones: listed('zone', {
      CIS: 'cis',
      SCHENGEN: 'schengen',
      ASIA: 'asia',
      WORLD_BUT_NA: 'world',
      WORLD: 'usa-canada',
    }),
    limits: listed('euros', { 30000: '30000', 50000: '50000', 100000: '100000' }),
    activities: listed('activity', { QUIET: 'none', AMATEUR_SPORT: 'sport', EXTREME: 'extreme' }),
    travellerAge: Steps,
    tripDays: Steps,
  })
  .transform((node) => ({
    product: 'travel' as const,
    commissionRateBps: node.commissionBasisPoints,
    terms: {
      dailyRateMinor: node.dailyRate,
      territory: node.zones,
      sumInsuredEur: node.limits,
      activity: node.activities,
      age: node.travellerAge,
      days: node.tripDays,
    },
  }));

/** Baikal's travel tariff. */
export const baikalTravel = { query, schema: z.object({ travelTariffs: oneOrNone(TravelNode) }) };
