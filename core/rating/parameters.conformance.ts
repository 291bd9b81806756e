import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { ParameterDescription } from '#contracts/quote.ts';
import type { Risks } from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
import { TODAY } from './any-risk.testing.ts';
import { describeParameters } from './parameters/describe-parameters.ts';
import type { RatedProduct } from './rated-product.ts';

interface Asked<P extends Product> {
  readonly product: Pick<RatedProduct<P>, 'label' | 'parameters' | 'parse'>;
  readonly risk: z.ZodObject & z.ZodType<Risks[P]>;
  /** Good on `TODAY`. */
  readonly anyRisk: fc.Arbitrary<Risks[P]>;
}

type Query = Readonly<Record<string, string>>;

/** A canonical risk as a query; lists by comma. */
const queryOf = (risk: object): Query =>
  Object.fromEntries(Object.entries(risk).map(([name, value]) => [name, String(value)]));

/** What every product keeps to in asking for its risk. */
export function parametersConformance<P extends Product>({ product, risk: schema, anyRisk }: Asked<P>): void {
  const parse = (query: Query | [string, string][], today = TODAY) => product.parse(new URLSearchParams(query), today);
  const descriptionsOn = (today: string) => describeParameters(product.parameters, today);
  const examplesOn = (today: string) =>
    Object.fromEntries(descriptionsOn(today).map(({ name, example }) => [name, example]));
  const descriptions = descriptionsOn(TODAY);
  const names = Object.keys(schema.shape);

  describe('describeParameters', () => {
    test('describes exactly the parameters of the canonical risk, in the contract form', () => {
      expect(ParameterDescription.array().parse(descriptions)).toEqual(descriptions);
      expect(descriptions.map(({ name }) => name)).toEqual(names);
    });

    test('says everything in English and in Russian', () => {
      const labels = descriptions.flatMap(({ label, unit, values = [] }) => [
        label,
        ...(unit ? [unit] : []),
        ...values.map((value) => value.label),
      ]);
      for (const { en, ru } of [product.label, ...labels]) {
        expect(en).toMatch(/^[^а-яё]+$/i);
        expect(ru).toMatch(/[а-яё]|^[\d €]+$/i);
      }
    });

    test.each([TODAY, '2027-12-31', '2028-02-29'])('its examples make a query that is taken on %s', (today) => {
      expect(parse(examplesOn(today), today)).toMatchObject({ ok: true });
    });

    test.each(descriptions)(
      'parse holds what is said of $name: required $required, default $default',
      (description) => {
        const { name, required, allowed } = description;
        const { [name]: _, ...rest } = examplesOn(TODAY);
        const absent = parse(rest);
        if (required) {
          expect(absent).toEqual({ ok: false, errors: [{ field: name, message: `is required: ${allowed}` }] });
          return;
        }
        expect(absent).toMatchObject({ ok: true });
        expect(absent).toEqual(parse({ ...rest, [name]: description.default ?? 'no default' }));
      },
    );

    test.each(descriptions.filter(({ values }) => values))(
      'parse takes every value of $name',
      ({ name, values = [] }) => {
        for (const { value } of values)
          expect(parse({ ...examplesOn(TODAY), [name]: value })).toMatchObject({ ok: true });
      },
    );

    test.each(descriptions.filter(({ type }) => type === 'integer'))(
      'parse takes $name from $minimum to $maximum and nothing beyond, as the contract does',
      ({ name, minimum, maximum }) => {
        const takes = (value: number) => parse({ ...examplesOn(TODAY), [name]: String(value) }).ok;
        const contractTakes = (value: number) => schema.shape[name]?.safeParse(value).success;
        const [least, most] = [Number(minimum), Number(maximum)];
        const later = descriptionsOn('2030-01-01').find((description) => description.name === name)?.maximum;
        expect([least - 1, least, most, most + 1].map(takes)).toEqual([false, true, true, false]);
        // A bound that moves with the date is inside the contract's.
        expect([least - 1, least, most, most + 1].map(contractTakes)).toEqual([false, true, true, later !== maximum]);
      },
    );
  });

  describe('parse', () => {
    test('of a canonical risk written as a query is that risk, in the order of the contract', () => {
      fc.assert(
        fc.property(anyRisk, (risk) => {
          const parsed = parse(queryOf(risk));
          expect(parsed).toEqual({ ok: true, risk });
          expect(schema.parse(risk)).toEqual(risk);
          expect(parsed.ok && Object.keys(parsed.risk)).toEqual(names);
        }),
      );
    });

    test('is the same however the parameters are permuted, repeated or handed over', () => {
      const anyShuffle = anyRisk.map(queryOf).chain((query) => {
        const entries = [...Object.entries(query), ...Object.entries(query)];
        return fc.tuple(fc.constant(query), fc.shuffledSubarray(entries, { minLength: entries.length }));
      });
      fc.assert(
        fc.property(anyShuffle, ([query, entries]) => {
          const expected = JSON.stringify(parse(query));
          const lists = Object.fromEntries(Object.entries(query).map(([name, text]) => [name, [text, text]]));
          expect(JSON.stringify(parse(entries))).toBe(expected);
          expect(JSON.stringify(product.parse(lists, TODAY))).toBe(expected);
        }),
      );
    });

    test('of rubbish never throws, and answers a risk of the contract or errors that name what was given or is due', () => {
      const anyName = fc.oneof(fc.constantFrom(...names, '__proto__', 'toString'), fc.string());
      const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('١٢', '1e3', '0x10', '-1', '1.5', ','));
      const anyRubbish = fc.array(fc.tuple(anyName, anyText));
      fc.assert(
        fc.property(anyRubbish, fc.boolean(), (rubbish, amongGood) => {
          const given = new Set(rubbish.map(([name]) => name));
          const good = Object.entries(amongGood ? examplesOn(TODAY) : {}).filter(([name]) => !given.has(name));
          const parsed = parse([...good, ...rubbish]);
          if (parsed.ok) {
            expect(schema.parse(parsed.risk)).toEqual(parsed.risk);
            expect([...given].filter((name) => !names.includes(name))).toEqual([]);
            return;
          }
          expect(parsed.errors).not.toEqual([]);
          const fields = new Set([...names, ...[...given].map((name) => name.slice(0, 60))]);
          for (const { field, message } of parsed.errors)
            expect([fields.has(field), message !== '']).toEqual([true, true]);
        }),
      );
    });
  });
}
