import { expect, test } from 'vitest';
import { OsagoRisk, ProductDescription } from '#contracts/quote.ts';
import { TODAY } from './any-query.testing.ts';
import { describeOsagoParameters } from './parameters.ts';
import { parseOsagoRisk } from './parse-risk.ts';

const descriptions = describeOsagoParameters(TODAY);
const examples = Object.fromEntries(descriptions.map(({ name, example }) => [name, example]));
const parse = (query: Record<string, string>) => parseOsagoRisk(new URLSearchParams(query), { today: TODAY });

test('describeOsagoParameters describes exactly the parameters of the canonical risk, in the contract form', () => {
  expect(ProductDescription.shape.parameters.parse(descriptions)).toEqual(descriptions);
  expect(descriptions.map(({ name }) => name)).toEqual(Object.keys(OsagoRisk.shape));
});

test('its examples make a query that is taken, and is still taken a year later', () => {
  expect(parse(examples)).toMatchObject({ ok: true });
  const later = describeOsagoParameters('2027-12-31').map(({ name, example }): [string, string] => [name, example]);
  expect(parseOsagoRisk(new URLSearchParams(later), { today: '2027-12-31' })).toMatchObject({ ok: true });
});

test.each(descriptions)(
  'parseOsagoRisk holds what is said of $name: required $required',
  ({ name, required, allowed }) => {
    const { [name]: _, ...rest } = examples;
    const parsed = parse(rest);
    if (!required) expect(parsed).toMatchObject({ ok: true });
    else expect(parsed).toEqual({ ok: false, errors: [{ field: name, message: `is required: ${allowed}` }] });
  },
);
