import { integer, type Parameter } from '../parameters/parameter.ts';

const LABEL = { en: 'Year the building was built', ru: 'Год постройки' };
const EARLIEST = 1800;

const seenFrom = (today: string): Parameter<number, unknown> =>
  integer({ label: LABEL, minimum: EARLIEST, maximum: Number(today.slice(0, 4)), example: 1998 });

/** The year that the building was built, not after the current one. */
export const BUILT_YEAR: Parameter<number, unknown> = {
  label: LABEL,
  type: 'integer',
  allowed: `a year from ${EARLIEST} to the current one`,
  bounds: (today) => seenFrom(today).bounds?.(today) ?? {},
  example: (today) => seenFrom(today).example(today),
  read: (text, ctx) => seenFrom(ctx.today).read(text, ctx),
};
