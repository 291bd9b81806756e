import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { ProductDescription } from '#contracts/quote.ts';
import { KbmClass, OsagoRisk, VehicleCategory, VehicleOwner, VehicleUse } from '#contracts/risk.ts';
import { describeParameters } from '../parameters/describe-parameters.ts';
import { TODAY } from './any-query.testing.ts';
import { PARAMETERS } from './parameters.ts';
import { parseOsagoRisk } from './parse-risk.ts';

const described = (today: string) => describeParameters(PARAMETERS, today);
const descriptions = described(TODAY);
const descriptionOf = (name: string) => descriptions.find((description) => description.name === name);

/** A query of the examples told, of all parameters that are for the category. */
function examplesFor(category: string, today = TODAY): Record<string, string> {
  const told = described(today).filter(({ onlyFor }) => !onlyFor || onlyFor.values.includes(category));
  return { ...Object.fromEntries(told.map(({ name, example }) => [name, example])), category };
}

const parse = (query: Record<string, string>, today = TODAY) => parseOsagoRisk(new URLSearchParams(query), today);

test('exactly the parameters of the canonical risk are described, in its order and in the contract form', () => {
  expect(ProductDescription.shape.parameters.parse(descriptions)).toEqual(descriptions);
  expect(descriptions.map(({ name }) => name)).toEqual(Object.keys(OsagoRisk.shape));
});

describe.each(VehicleCategory.options)('in category %s', (category) => {
  const examples = examplesFor(category);

  test('the examples told make a query that is taken, and is still taken a year later', () => {
    expect(parse(examples)).toMatchObject({ ok: true });
    expect(parse(examplesFor(category, '2027-12-31'), '2027-12-31')).toMatchObject({ ok: true });
  });

  test('what is told to be required is refused when it is absent, and nothing else is', () => {
    for (const { name, required } of descriptions.filter((description) => description.name in examples)) {
      const { [name]: _, ...rest } = examples;
      // Moscow is one of the subjects whose locality may be left out.
      if (!required || name === 'locality') expect(parse(rest), name).toMatchObject({ ok: true });
      else {
        const errors = [{ field: name, message: expect.stringMatching(/^is required/) }];
        expect(parse(rest), name).toEqual({ ok: false, errors });
      }
    }
  });
});

describe('labels', () => {
  test.each(descriptions)('of $name are in English and in Russian, those of its values too, and all differ', (told) => {
    const labels = [told.label, ...(told.values ?? []).map(({ label }) => label), ...(told.unit ? [told.unit] : [])];
    for (const { en, ru } of labels) {
      expect(en).toMatch(/^[ -~]+$/);
      expect(ru).toMatch(/[а-яё]/i);
    }
    const ofValues = (told.values ?? []).map(({ label }) => label);
    expect(new Set(ofValues.map(({ en }) => en)).size).toBe(ofValues.length);
    expect(new Set(ofValues.map(({ ru }) => ru)).size).toBe(ofValues.length);
  });

  test.each([
    ['category', VehicleCategory.options],
    ['owner', VehicleOwner.options],
    ['use', VehicleUse.options],
    ['kbm', tables.kbm.classes.map((row) => row.class)],
  ])('every value of %s has one, in the order of the contract or the table', (name, options) => {
    expect(descriptionOf(name)?.values?.map(({ value }) => value)).toEqual(options);
  });

  test('no class of KBM is missing', () => {
    const values = descriptionOf('kbm')?.values?.map(({ value }) => value);
    expect(values?.toSorted()).toEqual(KbmClass.options.toSorted());
  });

  test('a class of KBM is told with its coefficient', () => {
    const values = descriptionOf('kbm')?.values;
    expect(values?.at(-1)).toEqual({
      value: '13',
      label: { en: 'Class 13, coefficient 0.46', ru: 'Класс 13, коэффициент 0,46' },
    });
    expect(values?.map(({ label }) => label.en.split(' ').at(-1))).toEqual(
      tables.kbm.classes.map(({ value }) => value),
    );
  });
});

test('the bounds told are those that the contract takes', () => {
  const { maxMassKg, powerHp, months } = OsagoRisk.shape;
  for (const [name, schema] of Object.entries({ maxMassKg, powerHp, months })) {
    const { minimum, maximum } = descriptionOf(name) ?? {};
    for (const bound of [minimum, maximum]) expect(schema.safeParse(bound).success, `${name} ${bound}`).toBe(true);
    for (const outside of [Number(minimum) - 1, Number(maximum) + 1]) {
      expect(schema.safeParse(outside).success, `${name} ${outside}`).toBe(false);
    }
  }
});

test('a form learns which parameters are for which categories, and where a place is looked up', () => {
  const onlyFor = (name: string) => descriptionOf(name)?.onlyFor;
  expect(onlyFor('maxMassKg')).toEqual({ parameter: 'category', values: ['C', 'CE'] });
  expect(onlyFor('powerHp')).toEqual({ parameter: 'category', values: ['A', 'B', 'BE'] });
  const lookups = descriptions.filter(({ lookup }) => lookup !== undefined);
  expect(lookups.map(({ name, lookup }) => [name, lookup])).toEqual([
    ['subject', '/v1/localities'],
    ['locality', '/v1/localities'],
  ]);
});
