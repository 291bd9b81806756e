import type { TravelRisk } from '#contracts/risk.ts';
import { choice, integer, type Parameters } from '../parameters/parameter.ts';
import { STARTS_ON } from '../parameters/starts-on.ts';
import { UNITS } from '../parameters/units.ts';
import { TRAVELLERS } from './travellers.ts';

/** The parameters of cover abroad, in the order of the canonical risk. */
export const PARAMETERS: Parameters<TravelRisk> = {
  territory: choice({
    label: { en: 'Territory', ru: 'Территория' },
    values: {
      cis: { en: 'Countries of the CIS', ru: 'Страны СНГ' },
      schengen: { en: 'Schengen area', ru: 'Страны Шенгена' },
      asia: { en: 'Asia', ru: 'Азия' },
      world: { en: 'Whole world but the USA and Canada', ru: 'Весь мир, кроме США и Канады' },
      'usa-canada': { en: 'Whole world with the USA and Canada', ru: 'Весь мир, включая США и Канаду' },
    },
    example: 'schengen',
  }),
  travellers: TRAVELLERS,
  days: integer({
    label: { en: 'Days of the trip', ru: 'Длительность поездки' },
    unit: UNITS.days,
    minimum: 1,
    maximum: 365,
    example: 14,
  }),
  sumInsuredEur: choice<TravelRisk['sumInsuredEur'], TravelRisk>({
    label: { en: 'Sum insured, euros', ru: 'Страховая сумма, евро' },
    values: {
      30000: { en: '€30,000: enough for a Schengen visa', ru: '30 000 €: достаточно для шенгенской визы' },
      50000: { en: '€50,000', ru: '50 000 €' },
      100000: { en: '€100,000', ru: '100 000 €' },
    },
    example: '50000',
    absent: '30000',
  }),
  activity: choice({
    label: { en: 'Sport on the trip', ru: 'Спорт в поездке' },
    values: {
      none: { en: 'None', ru: 'Нет' },
      sport: { en: 'Amateur sport', ru: 'Любительский спорт' },
      extreme: { en: 'Extreme sport', ru: 'Экстремальный спорт' },
    },
    example: 'sport',
    absent: 'none',
  }),
  startsOn: STARTS_ON,
};
