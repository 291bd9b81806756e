import type { PropertyRisk } from '#contracts/risk.ts';
import { choice, integer, type Parameters } from '../parameters/parameter.ts';
import { STARTS_ON } from '../parameters/starts-on.ts';
import { UNITS } from '../parameters/units.ts';
import { yesNo } from '../parameters/yes-no.ts';
import { BUILT_YEAR } from './built-year.ts';

/** The parameters of cover of a home, in the order of the canonical risk. */
export const PARAMETERS: Parameters<PropertyRisk> = {
  premises: choice({
    label: { en: 'What is insured', ru: 'Что страхуется' },
    values: { flat: { en: 'Flat', ru: 'Квартира' }, house: { en: 'House', ru: 'Дом' } },
    example: 'flat',
  }),
  material: choice({
    label: { en: 'Material of the walls', ru: 'Материал стен' },
    values: {
      brick: { en: 'Brick', ru: 'Кирпич' },
      concrete: { en: 'Concrete', ru: 'Бетон' },
      wood: { en: 'Wood', ru: 'Дерево' },
    },
    example: 'brick',
  }),
  builtYear: BUILT_YEAR,
  use: choice({
    label: { en: 'Use', ru: 'Использование' },
    values: {
      own: { en: 'The owner lives there', ru: 'Живёт собственник' },
      rented: { en: 'Rented out', ru: 'Сдаётся внаём' },
    },
    example: 'own',
    absent: 'own',
  }),
  alarm: yesNo({ en: 'Security or fire alarm', ru: 'Охранная или пожарная сигнализация' }),
  sumInsured: integer({
    label: { en: 'Sum insured', ru: 'Страховая сумма' },
    unit: UNITS.roubles,
    minimum: 100_000,
    maximum: 100_000_000,
    example: 5_000_000,
  }),
  months: integer({
    label: { en: 'Months of cover', ru: 'Срок страхования' },
    unit: UNITS.months,
    minimum: 1,
    maximum: 12,
    example: 12,
    absent: 12,
  }),
  startsOn: STARTS_ON,
};
