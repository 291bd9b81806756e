import { expect, test } from 'vitest';
import { ProductDescription } from '#contracts/quote.ts';
import { describeParameters } from './describe-parameters.ts';
import { parseRisk } from './parse-risk.ts';
import { TODAY, TOY } from './toy.testing.ts';

const described = describeParameters(TOY, TODAY);

test('describeParameters tells each parameter in order, in the contract form', () => {
  expect(ProductDescription.shape.parameters.parse(described)).toEqual(described);
  expect(described).toEqual([
    {
      name: 'colour',
      label: { en: 'Colour', ru: 'Цвет' },
      type: 'choice',
      required: true,
      values: [
        { value: 'red', label: { en: 'Red', ru: 'Красный' } },
        { value: 'blue', label: { en: 'Blue', ru: 'Синий' } },
      ],
      allowed: 'one of red, blue',
      example: 'red',
    },
    {
      name: 'wheels',
      label: { en: 'Wheels', ru: 'Колёса' },
      type: 'integer',
      required: false,
      default: '4',
      minimum: 0,
      maximum: 8,
      allowed: 'a whole number from 0 to 8; default 4',
      example: '4',
    },
    {
      name: 'horn',
      label: { en: 'Horn', ru: 'Гудок' },
      type: 'integer',
      required: true,
      minimum: 50,
      maximum: 150,
      unit: { en: 'dB', ru: 'дБ' },
      onlyFor: { parameter: 'colour', values: ['red'] },
      allowed: 'a whole number from 50 to 150 (dB)',
      example: '90',
    },
    {
      name: 'spares',
      label: { en: 'Spare wheels', ru: 'Запасные колёса' },
      type: 'text',
      required: true,
      allowed: 'none or all',
      example: 'none',
    },
    {
      name: 'startsOn',
      label: { en: 'First day of cover', ru: 'Первый день действия полиса' },
      type: 'date',
      required: false,
      default: '2026-11-23',
      minimum: '2026-11-23',
      maximum: '2027-01-21',
      allowed: expect.stringContaining('default tomorrow'),
      example: '2026-11-23',
    },
  ]);
});

test('its examples make a query that is taken', () => {
  const query = new URLSearchParams(described.map(({ name, example }): [string, string] => [name, example]));
  expect(parseRisk(TOY, { query, today: TODAY })).toMatchObject({ ok: true });
});
