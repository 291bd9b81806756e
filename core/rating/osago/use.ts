import type { Label } from '#contracts/quote.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import { choice, type Parameter } from '../parameters/parameter.ts';
import { VEHICLES } from './vehicles.ts';

type Use = OsagoRisk['use'];

const LABELS: Readonly<Record<Use, Label>> = {
  personal: { en: "The owner's own needs", ru: 'Для собственных нужд' },
  taxi: { en: 'Taxi', ru: 'Такси' },
  regular: { en: 'Regular carriage of passengers', ru: 'Регулярные перевозки пассажиров' },
};

const USE_OF_ANY: Parameter<Use, OsagoRisk> = choice({
  label: { en: 'Use of the vehicle', ru: 'Цель использования' },
  values: LABELS,
  example: 'personal',
  absent: 'personal',
});

/** What the vehicle is used for: each category has its own uses. */
export const USE: Parameter<Use, OsagoRisk> = {
  ...USE_OF_ANY,
  allowed: 'personal; taxi for categories B and BE, regular for category D too; default personal',
  read(text, ctx) {
    const { category } = ctx.read;
    if (category === undefined) return USE_OF_ANY.read(text, ctx);
    const { uses } = VEHICLES[category];
    const value = uses.find((use) => use === text);
    return value ? { value } : { error: `must be ${uses.join(' or ')} for category ${category}` };
  },
};
