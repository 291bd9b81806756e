import type { PropertyRisk } from '#contracts/risk.ts';
import type { PropertyTerms } from '#contracts/tariff.ts';
import { perMille } from '../decimal.ts';
import { byBand, bySumInsured, byValue } from '../factor-table.ts';
import type { Rating } from '../price.ts';
import { priceOrDecline } from '../price-or-decline.ts';

/** One per mille of the sum insured, times the rate in per mille (RATE) and the factors. */
export function rateProperty({ risk, terms }: { risk: PropertyRisk; terms: PropertyTerms }): Rating {
  const { premises, material, use, sumInsured } = risk;
  const buildingAge = Number(risk.startsOn.slice(0, 4)) - risk.builtYear;
  return priceOrDecline(perMille(sumInsured), [
    byValue('RATE', { table: terms.ratePerMille, value: premises, refused: REFUSED_PREMISES[premises] }),
    byValue('MATERIAL', { table: terms.material, value: material, refused: `walls of ${material}` }),
    byValue('USE', { table: terms.use, value: use, refused: REFUSED_USE[use] }),
    byValue('ALARM', { table: terms.alarm, value: risk.alarm, refused: REFUSED_ALARM[risk.alarm] }),
    byBand('AGE', {
      bands: terms.buildingAge,
      number: buildingAge,
      refusedOver: (limit) => `buildings over ${limit} years`,
    }),
    bySumInsured(terms.sumInsured, sumInsured),
    byBand('MONTHS', {
      bands: terms.months,
      number: risk.months,
      refusedOver: (limit) => `cover over ${limit} months`,
    }),
    ...(sumInsured < terms.minSumInsured ? [{ refused: `sum insured under ${terms.minSumInsured} roubles` }] : []),
  ]);
}

const REFUSED_PREMISES = { flat: 'flats', house: 'houses' } as const;
const REFUSED_USE = { own: 'premises the owner lives in', rented: 'premises rented out' } as const;
const REFUSED_ALARM = { yes: 'premises with an alarm', no: 'premises without an alarm' } as const;
