import type { LifeRisk } from '#contracts/risk.ts';
import { choice, integer, type Parameters } from '../parameters/parameter.ts';
import { STARTS_ON } from '../parameters/starts-on.ts';
import { UNITS } from '../parameters/units.ts';
import { yesNo } from '../parameters/yes-no.ts';

/** The parameters of cover of a life, in the order of the canonical risk. */
export const PARAMETERS: Parameters<LifeRisk> = {
  age: integer({
    label: {
      en: 'Age on the first day of cover, full years',
      ru: 'Возраст на первый день действия полиса, полных лет',
    },
    unit: UNITS.years,
    minimum: 18,
    maximum: 99,
    example: 40,
  }),
  sex: choice({
    label: { en: 'Sex', ru: 'Пол' },
    values: { female: { en: 'Female', ru: 'Женский' }, male: { en: 'Male', ru: 'Мужской' } },
    example: 'female',
  }),
  smoker: yesNo({ en: 'Smokes', ru: 'Курит' }),
  occupation: choice({
    label: { en: 'Work', ru: 'Работа' },
    values: {
      office: { en: 'In an office', ru: 'В офисе' },
      manual: { en: 'Manual', ru: 'Физический труд' },
      hazardous: { en: 'Hazardous', ru: 'Опасная' },
    },
    example: 'office',
    absent: 'office',
  }),
  sumInsured: integer({
    label: { en: 'Sum insured', ru: 'Страховая сумма' },
    unit: UNITS.roubles,
    minimum: 100_000,
    maximum: 50_000_000,
    example: 3_000_000,
  }),
  years: integer({
    label: { en: 'Years of cover', ru: 'Срок страхования' },
    unit: UNITS.years,
    minimum: 1,
    maximum: 30,
    example: 10,
  }),
  startsOn: STARTS_ON,
};
