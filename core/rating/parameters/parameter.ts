import type { Label, ParameterDescription } from '#contracts/quote.ts';
import type { Reading } from './reading.ts';

/** What a parameter may look at: the date in Moscow, and what has been read before it. */
export interface ReadContext<Risk> {
  readonly today: string;
  readonly read: Readonly<Partial<Risk>>;
}

/** How a parameter is told besides what its name and presence say. */
type Told = Pick<ParameterDescription, 'type' | 'values' | 'unit' | 'onlyFor' | 'lookup'>;

/** One parameter of a product's risk: what reads it is also what describes it. */
export interface Parameter<T, Risk> extends Told {
  readonly label: Label;
  /** The rule in a sentence, as errors and descriptions tell it. */
  readonly allowed: string;
  readonly bounds?: (today: string) => Pick<ParameterDescription, 'minimum' | 'maximum'>;
  /** Good on `today`. */
  readonly example: (today: string) => string;
  readonly read: (text: string, ctx: ReadContext<Risk>) => Reading<T>;
  /** What its absence stands for; `undefined` leaves it out of the risk. A parameter without it is required. */
  readonly absent?: (ctx: ReadContext<Risk>) => Reading<T | undefined>;
  /** The default as it would be written, where it does not depend on other parameters. */
  readonly default?: (today: string) => string;
  /** It means nothing until that one has been read. */
  readonly needs?: keyof Risk;
}

/** Every parameter of a product, in the order of the canonical risk; one is read after those it looks at. */
export type Parameters<Risk> = { readonly [K in keyof Required<Risk>]: Parameter<NonNullable<Risk[K]>, Risk> };

/** A value out of a list, written exactly as listed. */
export function choice<T extends string, Risk>(options: {
  label: Label;
  values: Readonly<Record<T, Label>>;
  /** Of the values, where it is not as written: an object puts names like numbers first. */
  order?: readonly NoInfer<T>[];
  example: NoInfer<T>;
  absent?: NoInfer<T>;
}): Parameter<T, Risk> {
  const { label, example, absent } = options;
  const names = options.order ?? (Object.keys(options.values) as T[]);
  const values = names.map((value) => ({ value, label: options.values[value] }));
  const allowed = `one of ${names.join(', ')}`;
  const byText = new Map<string, T>(names.map((value) => [value, value]));
  return {
    label,
    type: 'choice',
    values,
    allowed: absent === undefined ? allowed : `${allowed}; default ${absent}`,
    example: () => example,
    read(text) {
      const value = byText.get(text);
      if (value !== undefined) return { value };
      return { error: `must be ${allowed}${/[а-яё]/i.test(text) ? ', in Latin letters' : ''}` };
    },
    ...(absent !== undefined && { absent: () => ({ value: absent }), default: () => absent }),
  };
}

/** A whole number inside bounds, written in digits without a sign or an idle zero. */
export function integer<Risk>(options: {
  label: Label;
  minimum: number;
  maximum: number;
  example: number;
  absent?: number;
  unit?: Label;
}): Parameter<number, Risk> {
  const { label, minimum, maximum, example, absent, unit } = options;
  const allowed = `a whole number from ${minimum} to ${maximum}${unit ? ` (${unit.en})` : ''}`;
  return {
    label,
    type: 'integer',
    ...(unit && { unit }),
    bounds: () => ({ minimum, maximum }),
    allowed: absent === undefined ? allowed : `${allowed}; default ${absent}`,
    example: () => String(example),
    read(text) {
      const value = /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Number.NaN;
      return minimum <= value && value <= maximum ? { value } : { error: `must be ${allowed}` };
    },
    ...(absent !== undefined && { absent: () => ({ value: absent }), default: () => String(absent) }),
  };
}
