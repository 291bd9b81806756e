import type { OsagoRisk } from '#contracts/risk.ts';
import { integer, type Parameter } from '../parameters/parameter.ts';
import { WEIGHED } from './vehicles.ts';

const ANY_MASS = integer<OsagoRisk>({
  label: { en: 'Permitted maximum mass', ru: 'Разрешённая максимальная масса' },
  unit: { en: 'kg', ru: 'кг' },
  minimum: 500,
  maximum: 200_000,
  example: 12_000,
});

const ONLY_FOR = `for categories ${WEIGHED.join(' and ')} only`;

/** The permitted maximum mass, kg: what tells the base rows of trucks apart. */
export const MAX_MASS: Parameter<number, OsagoRisk> = {
  ...ANY_MASS,
  allowed: `${ANY_MASS.allowed}, ${ONLY_FOR}`,
  onlyFor: { parameter: 'category', values: [...WEIGHED] },
  read(text, ctx) {
    const { category } = ctx.read;
    if (category === undefined || WEIGHED.includes(category)) return ANY_MASS.read(text, ctx);
    return { error: `is ${ONLY_FOR}; leave it out for category ${category}` };
  },
  absent({ read: { category } }) {
    if (category === undefined || !WEIGHED.includes(category)) return { value: undefined };
    return { error: `is required for category ${category}: ${ANY_MASS.allowed}` };
  },
};
