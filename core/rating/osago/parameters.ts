import type { Label } from '#contracts/quote.ts';
import { type OsagoRisk, VehicleCategory } from '#contracts/risk.ts';
import { choice, integer, type Parameters } from '../parameters/parameter.ts';
import { STARTS_ON } from '../parameters/starts-on.ts';
import { UNITS } from '../parameters/units.ts';
import { DRIVERS_ALLOWED, readDrivers } from './drivers.ts';
import { MONTHS } from './factors.ts';
import { KBM } from './kbm.ts';
import { MAX_MASS } from './max-mass.ts';
import { defaultLocality, readLocality, readSubject } from './place.ts';
import { POWER } from './power.ts';
import { OTHER_LOCALITIES } from './territory.ts';
import { USE } from './use.ts';
import { VEHICLES } from './vehicles.ts';

const LOOKUP = '/v1/localities';

const CATEGORY_LABELS = Object.fromEntries(
  VehicleCategory.options.map((category) => [category, VEHICLES[category].label]),
) as Record<OsagoRisk['category'], Label>;

/** Every parameter of an OSAGO quote, in the order of the canonical risk: each is read after what it looks at. */
export const PARAMETERS: Parameters<OsagoRisk> = {
  category: choice({
    label: { en: 'Category of the vehicle', ru: 'Категория транспортного средства' },
    values: CATEGORY_LABELS,
    example: 'B',
  }),
  owner: choice({
    label: { en: 'Owner', ru: 'Собственник' },
    values: {
      individual: { en: 'Individual or sole proprietor', ru: 'Физическое лицо или ИП' },
      legal: { en: 'Legal entity', ru: 'Юридическое лицо' },
    },
    example: 'individual',
  }),
  use: USE,
  maxMassKg: MAX_MASS,
  subject: {
    label: { en: 'Subject of the federation', ru: 'Субъект Федерации' },
    type: 'text',
    lookup: LOOKUP,
    allowed: "a subject of the federation, as in the Bank of Russia's table of territories",
    example: () => 'Москва',
    read: readSubject,
  },
  locality: {
    label: { en: 'Locality', ru: 'Населённый пункт' },
    type: 'text',
    lookup: LOOKUP,
    allowed:
      `a locality of the subject; one not listed is "${OTHER_LOCALITIES}" where the table has that row; ` +
      'may be left out where one row covers the whole subject',
    example: () => 'Москва',
    needs: 'subject',
    read: (text, { read: { subject = '' } }) => readLocality(text, subject),
    absent: ({ read: { subject = '' } }) => defaultLocality(subject),
  },
  kbm: KBM,
  drivers: {
    label: { en: 'Drivers, age:experience', ru: 'Водители, возраст:стаж' },
    type: 'list',
    allowed: DRIVERS_ALLOWED,
    example: () => '35:10,22:1',
    read: readDrivers,
  },
  powerHp: POWER,
  months: integer({
    label: { en: 'Period of use', ru: 'Период использования' },
    unit: UNITS.months,
    minimum: Math.min(...MONTHS),
    maximum: Math.max(...MONTHS),
    example: 6,
    absent: 12,
  }),
  startsOn: STARTS_ON,
};
