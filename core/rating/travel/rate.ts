import type { TravelRisk } from '#contracts/risk.ts';
import type { TravelTerms } from '#contracts/tariff.ts';
import { roubles, sum, whole } from '../decimal.ts';
import { bandFactor, byBand, byValue, lastOf } from '../factor-table.ts';
import type { AppliedFactor, Rating } from '../price.ts';
import { priceOrDecline, type Refusal } from '../price-or-decline.ts';

/** The daily rate of one traveller, times the days, the sum of the travellers' age factors and the other factors. */
export function rateTravel({ risk, terms }: { risk: TravelRisk; terms: TravelTerms }): Rating {
  const { days, territory, sumInsuredEur, activity } = risk;
  return priceOrDecline(roubles(terms.dailyRateMinor), [
    { code: 'DAYS', value: whole(days) },
    travellers(risk, terms),
    byValue('TERRITORY', { table: terms.territory, value: territory, refused: `territory ${territory}` }),
    byValue('SUM', { table: terms.sumInsuredEur, value: sumInsuredEur, refused: `sum insured of €${sumInsuredEur}` }),
    byValue('ACTIVITY', { table: terms.activity, value: activity, refused: REFUSED_ACTIVITY[activity] }),
    byBand('DURATION', { bands: terms.days, number: days, refusedOver: (limit) => `trips over ${limit} days` }),
  ]);
}

const REFUSED_ACTIVITY = { none: 'trips without sport', sport: 'sport', extreme: 'extreme activity' } as const;

function travellers(risk: TravelRisk, terms: TravelTerms): AppliedFactor | Refusal {
  const factors = risk.travellers.map((age) => bandFactor(terms.age, age));
  const known = factors.filter((factor) => factor !== undefined);
  if (known.length < factors.length) return { refused: `travellers over ${lastOf(terms.age)}` };
  return { code: 'TRAVELLERS', value: sum(known) };
}
