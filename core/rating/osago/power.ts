import type { OsagoRisk } from '#contracts/risk.ts';
import type { Parameter } from '../parameters/parameter.ts';
import { POWERED } from './vehicles.ts';

const MOST_HP = 2_000;
const ALLOWED = `1 to ${MOST_HP} horsepower, at most two digits after the point`;

/** Horsepower of the engine. Every vehicle has one: it is taken and checked where the formula does without it, too. */
export const POWER: Parameter<number, OsagoRisk> = {
  label: { en: 'Engine power', ru: 'Мощность двигателя' },
  type: 'decimal',
  unit: { en: 'hp', ru: 'л. с.' },
  bounds: () => ({ minimum: 1, maximum: MOST_HP }),
  allowed: `${ALLOWED}; required for categories ${POWERED.join(', ')}`,
  onlyFor: { parameter: 'category', values: [...POWERED] },
  example: () => '149.6',
  read(text) {
    const value = /^[1-9]\d{0,3}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
    return value <= MOST_HP ? { value } : { error: `must be ${ALLOWED}, such as 106 or 149.6` };
  },
  absent({ read: { category } }) {
    if (category === undefined || !POWERED.includes(category)) return { value: undefined };
    return { error: `is required for category ${category}: ${ALLOWED}` };
  },
};
