import type { LifeRisk } from '#contracts/risk.ts';
import type { LifeTerms } from '#contracts/tariff.ts';
import { perMille, whole } from '../decimal.ts';
import { byBand, bySumInsured, byValue } from '../factor-table.ts';
import type { Rating } from '../price.ts';
import { priceOrDecline } from '../price-or-decline.ts';
import { readFactor } from '../read-factor.ts';

/** One per mille of the sum insured, times the annual rate in per mille (RATE), the years and the factors. */
export function rateLife({ risk, terms }: { risk: LifeRisk; terms: LifeTerms }): Rating {
  const { age, sex, smoker, occupation, sumInsured, years } = risk;
  return priceOrDecline(perMille(sumInsured), [
    { code: 'RATE', value: readFactor(terms.ratePerMille) },
    { code: 'YEARS', value: whole(years) },
    byBand('AGE', { bands: terms.age, number: age, refusedOver: (limit) => `age over ${limit}` }),
    byValue('SEX', { table: terms.sex, value: sex, refused: REFUSED_SEX[sex] }),
    byValue('SMOKER', { table: terms.smoker, value: smoker, refused: REFUSED_SMOKER[smoker] }),
    byValue('OCCUPATION', { table: terms.occupation, value: occupation, refused: `${occupation} work` }),
    byBand('TERM', { bands: terms.years, number: years, refusedOver: (limit) => `cover over ${limit} years` }),
    bySumInsured(terms.sumInsured, sumInsured),
    ...(age + years > terms.maxAgeAtEnd ? [{ refused: `age at the end of the cover over ${terms.maxAgeAtEnd}` }] : []),
  ]);
}

const REFUSED_SEX = { female: 'women', male: 'men' } as const;
const REFUSED_SMOKER = { yes: 'smokers', no: 'those who do not smoke' } as const;
