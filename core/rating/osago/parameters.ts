import type { z } from 'zod';
import { OsagoRisk, type ProductDescription } from '#contracts/quote.ts';
import { DRIVERS_ALLOWED, readDrivers } from './drivers.ts';
import { KBM_CLASSES, MONTHS } from './factors.ts';
import { defaultLocality, readLocality, readSubject } from './place.ts';
import type { Reading } from './reading.ts';
import { LATEST_START_DAYS, readStartsOn, startBounds } from './starts-on.ts';
import { OTHER_LOCALITIES } from './territory.ts';

/** What a parameter may look at: the date in Moscow, and what has been read before it. */
export interface ReadContext {
  readonly today: string;
  readonly read: Readonly<Partial<OsagoRisk>>;
}

/** One parameter of the request: what reads it is also what describes it. */
export interface Parameter<T> {
  readonly allowed: string;
  readonly example: (today: string) => string;
  readonly read: (text: string, ctx: ReadContext) => Reading<T>;
  /** What its absence stands for; a parameter without it is required. */
  readonly absent?: (ctx: ReadContext) => Reading<T>;
  /** It means nothing until that one has been read. */
  readonly needs?: keyof OsagoRisk;
}

/** A value out of a list, written exactly as listed. */
function choice<T extends string | number>(values: readonly T[], options: { example: T; absent?: T }): Parameter<T> {
  const { absent } = options;
  const allowed = values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  const byText = new Map(values.map((value) => [String(value), value]));
  const read = (text: string): Reading<T> => {
    const value = byText.get(text);
    if (value !== undefined) return { value };
    return { error: `must be ${allowed}${/[а-яё]/i.test(text) ? ', in Latin letters' : ''}` };
  };
  const parameter = { allowed, example: () => String(options.example), read };
  if (absent === undefined) return parameter;
  return { ...parameter, allowed: `${allowed}; default ${absent}`, absent: () => ({ value: absent }) };
}

const POWER_ALLOWED = '1 to 2000 horsepower, at most two digits after the point';

function readPower(text: string): Reading<number> {
  const value = /^[1-9]\d{0,3}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  return value <= 2000 ? { value } : { error: `must be ${POWER_ALLOWED}, such as 106 or 149.6` };
}

const { shape } = OsagoRisk;

/** Every parameter of an OSAGO quote, in the order of the canonical risk; a subject is read before its locality. */
export const PARAMETERS: { readonly [K in keyof OsagoRisk]: Parameter<OsagoRisk[K]> } = {
  category: choice(shape.category.options, { example: 'B' }),
  owner: choice(shape.owner.options, { example: 'individual' }),
  use: choice(shape.use.options, { example: 'personal', absent: 'personal' }),
  subject: {
    allowed: "a subject of the federation, as in the Bank of Russia's table of territories",
    example: () => 'Москва',
    read: readSubject,
  },
  locality: {
    allowed:
      `a locality of the subject; one not listed is "${OTHER_LOCALITIES}" where the table has that row; ` +
      'may be left out where one row covers the whole subject',
    example: () => 'Москва',
    needs: 'subject',
    read: (text, { read: { subject = '' } }) => readLocality(text, subject),
    absent: ({ read: { subject = '' } }) => defaultLocality(subject),
  },
  kbm: choice(KBM_CLASSES, { example: '13', absent: '3' }),
  drivers: { allowed: DRIVERS_ALLOWED, example: () => '35:10,22:1', read: readDrivers },
  powerHp: { allowed: POWER_ALLOWED, example: () => '149.6', read: readPower },
  months: choice(MONTHS, { example: 6, absent: 12 }),
  startsOn: {
    allowed: `a date from tomorrow to ${LATEST_START_DAYS} days ahead in Europe/Moscow; default tomorrow`,
    example: (today) => startBounds(today).first,
    read: (text, { today }) => readStartsOn(text, today),
    absent: ({ today }) => ({ value: startBounds(today).first }),
  },
};

/** The names of the parameters, in the order of the canonical risk. */
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly (keyof OsagoRisk)[];

/** What `GET /v1/products` says of the parameters; each example is valid on `today` (date in Moscow). */
export function describeOsagoParameters(today: string): z.infer<typeof ProductDescription>['parameters'] {
  return PARAMETER_NAMES.map((name) => {
    const { absent, allowed, example } = PARAMETERS[name];
    return { name, required: absent === undefined, allowed, example: example(today) };
  });
}
