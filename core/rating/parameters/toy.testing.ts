import { choice, integer, type Parameters } from './parameter.ts';
import { STARTS_ON } from './starts-on.ts';

export interface ToyRisk {
  readonly colour: 'red' | 'blue';
  readonly wheels: number;
  /** Of red ones. */
  readonly horn?: number;
  readonly spares: number;
  readonly startsOn: string;
}

/** For tests: a product with a parameter of each behaviour: required, with a default, for some only, after another. */
export const TOY: Parameters<ToyRisk> = {
  colour: choice({
    label: { en: 'Colour', ru: 'Цвет' },
    values: { red: { en: 'Red', ru: 'Красный' }, blue: { en: 'Blue', ru: 'Синий' } },
    example: 'red',
  }),
  wheels: integer({ label: { en: 'Wheels', ru: 'Колёса' }, minimum: 0, maximum: 8, example: 4, absent: 4 }),
  horn: {
    ...integer({
      label: { en: 'Horn', ru: 'Гудок' },
      unit: { en: 'dB', ru: 'дБ' },
      minimum: 50,
      maximum: 150,
      example: 90,
    }),
    onlyFor: { parameter: 'colour', values: ['red'] },
    needs: 'colour',
    absent: ({ read }) => (read.colour === 'red' ? { error: 'is required for red' } : { value: undefined }),
  },
  spares: {
    label: { en: 'Spare wheels', ru: 'Запасные колёса' },
    type: 'text',
    allowed: 'none or all',
    example: () => 'none',
    needs: 'wheels',
    read: (text, { read }) => {
      if (text === 'none') return { value: 0 };
      return text === 'all' ? { value: read.wheels ?? Number.NaN } : { error: 'must be none or all' };
    },
  },
  startsOn: STARTS_ON,
};

/** For tests: the date in Moscow. */
export const TODAY = '2026-11-22';
