import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { PropertyTerms } from '#contracts/tariff.ts';
import { codedTable } from '../reading/coded-table.ts';
import { factor } from '../reading/factor.ts';
import { listed, oneOrNone, Roubles, Steps } from './values.ts';

const query = `query PropertyTariffs {
  propertyTariffs(first: 1) {
    totalCount
    edges { node {
      commissionBasisPoints
      ratesPer1000 { premises rate { amount currency } }
      walls { walls basisPoints }
      uses { use basisPoints }
      alarms { guarded basisPoints }
      buildingAge { lowerBounds basisPoints limit }
      sumInsured { lowerBounds basisPoints limit }
      lowestSumInsured { amount currency }
      months { lowerBounds basisPoints limit }
    } }
  }
}`;

/** Roubles for each thousand insured, for a year: per mille. */
const RatePer1000 = z
  .object({ premises: z.string(), rate: z.object({ amount: factor('.'), currency: z.literal('RUB') }) })
  .transform(({ premises, rate }): [string, string] => [premises, rate.amount]);

const PropertyNode = z
  .object({
    commissionBasisPoints: RateBps,
    ratesPer1000: z.array(RatePer1000).pipe(codedTable({ APARTMENT: 'flat', DETACHED_HOUSE: 'house' })),
    walls: listed('walls', { BRICK: 'brick', REINFORCED_CONCRETE: 'concrete', TIMBER: 'wood' }),
    uses: listed('use', { OWNER_LIVES: 'own', LET: 'rented' }),
    alarms: listed('guarded', { true: 'yes', false: 'no' }),
    buildingAge: Steps,
    sumInsured: Steps,
    lowestSumInsured: Roubles.transform((kopecks) => kopecks / 100).pipe(PropertyTerms.shape.minSumInsured),
    months: Steps,
  })
  .transform((node) => ({
    product: 'property' as const,
    commissionRateBps: node.commissionBasisPoints,
    terms: {
      ratePerMille: node.ratesPer1000,
      material: node.walls,
      use: node.uses,
      alarm: node.alarms,
      buildingAge: node.buildingAge,
      sumInsured: node.sumInsured,
      minSumInsured: node.lowestSumInsured,
      months: node.months,
    },
  }));

/** Baikal's property tariff. */
export const baikalProperty = { query, schema: z.object({ propertyTariffs: oneOrNone(PropertyNode) }) };
