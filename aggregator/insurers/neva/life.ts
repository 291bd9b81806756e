import { z } from 'zod';
import { Bands, LifeTerms } from '#contracts/tariff.ts';
import { factor } from '../reading/factor.ts';
import { byField, contiguous, Kopecks, notSold, PerMille, Reward, Steps } from './values.ts';

const query = `query LifeProduct {
  product(kind: LIFE) {
    __typename
    ... on LifeProduct {
      rewardPerMille
      annualRatePerMille
      ageBands { from to perMille }
      sex { women men }
      smoking { smoker nonSmoker }
      work { office manual hazardous }
      termBands { from to perMille }
      sumBands { fromKopecks toKopecks perMille }
      oldestAtEnd
    }
    ... on ProductNotSold { kind message }
  }
}`;

/** In kopecks; the contract has roubles. */
const Sums = contiguous(
  z
    .object({ fromKopecks: Kopecks, toKopecks: Kopecks, perMille: PerMille })
    .transform(({ fromKopecks, toKopecks, perMille }) => ({ from: fromKopecks, to: toKopecks, factor: perMille })),
)
  .transform((bands) => bands.map((band) => ({ upTo: band.to / 100, factor: band.factor })))
  .pipe(Bands);

const Life = z
  .object({
    __typename: z.literal('LifeProduct'),
    rewardPerMille: Reward,
    annualRatePerMille: factor('.'),
    ageBands: Steps,
    sex: byField({ women: 'female', men: 'male' }),
    smoking: byField({ smoker: 'yes', nonSmoker: 'no' }),
    work: byField({ office: 'office', manual: 'manual', hazardous: 'hazardous' }),
    termBands: Steps,
    sumBands: Sums,
    oldestAtEnd: LifeTerms.shape.maxAgeAtEnd,
  })
  .transform((life) => [
    {
      product: 'life' as const,
      commissionRateBps: life.rewardPerMille,
      terms: {
        ratePerMille: life.annualRatePerMille,
        age: life.ageBands,
        sex: life.sex,
        smoker: life.smoking,
        occupation: life.work,
        years: life.termBands,
        sumInsured: life.sumBands,
        maxAgeAtEnd: life.oldestAtEnd,
      },
    },
  ]);

/** Neva's life tariff: a list of one, or of none when it is not sold. */
export const nevaLife = {
  query,
  schema: z.object({ product: z.discriminatedUnion('__typename', [Life, notSold('LIFE')]) }),
};
