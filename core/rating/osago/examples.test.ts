import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { OsagoRisk } from '#contracts/risk.ts';
import { riskQuery } from '../../quotes/risk-query.ts';
import { decimal, productMinor } from '../decimal.ts';
import { addDays } from '../parameters/starts-on.ts';
import { PLACES } from './any-query.testing.ts';
import examples from './examples.json' with { type: 'json' };
import { OSAGO } from './osago.ts';
import { ratedAt } from './rated.testing.ts';
import { baseRowOf } from './vehicles.ts';

const minor = (amount: string | undefined): number => Number(productMinor(decimal(amount ?? ''), []));

const parse = (query: string | Record<string, string>, on: string) =>
  OSAGO.parse(new URLSearchParams(query), addDays(on, -1));

const premiums = examples.examples.filter((example) => example.premiumMin !== undefined);
type Example = (typeof premiums)[number];

/** The risk of an example; its power is left out where the formula does without it. */
function riskOf({ inputs, date = '' }: Example): OsagoRisk {
  const { category, owner, locality = '', kbmClass, drivers = [], hp, months, limited, baseRow } = inputs;
  return OsagoRisk.parse({
    category,
    owner,
    use: 'personal',
    // The only truck of the examples is of row 3.2, "over 16 t".
    ...(baseRow === '3.2' && { maxMassKg: 20_000 }),
    subject: PLACES.find((place) => place.locality === locality)?.subject,
    locality,
    kbm: kbmClass,
    drivers: limited ? drivers.map(({ age, exp }) => ({ age, experience: exp })) : 'unlimited',
    ...(category === 'B' && { powerHp: hp }),
    months,
    startsOn: date,
  });
}

describe('premiums of the examples', () => {
  test('these are 9, so that none gets lost', () => {
    expect(premiums.map(({ id }) => id)).toEqual(['I1', 'I2', 'I3', 'G1', 'G3', 'G5', 'G7', 'G10', 'G12']);
  });

  test.each(premiums)('$id ($inputs.category, $inputs.locality): $premiumMin to $premiumMax, by factor', (example) => {
    const { factors, inputs, premiumMin, premiumMax } = example;
    if (Array.isArray(factors)) throw new Error('factors by name expected');
    const risk = riskOf(example);
    expect(baseRowOf(risk)).toBe(inputs.baseRow);
    const [least, most] = [factors.TBmin, factors.TBmax].map((base) => ratedAt(risk, minor(base)));
    expect([least?.premiumMinor, most?.premiumMinor]).toEqual([minor(premiumMin), minor(premiumMax)]);
    const { KT, KBM, KVS, KO, KM, KS } = factors;
    const named = Object.entries({ KT, KBM, KVS, KO, KM, KS }).filter(([, value]) => value !== null);
    expect(most?.breakdown.factors.map(({ code, value }) => [code, value])).toEqual(named);
  });

  test.each(premiums)('$id is taken as a query, its power of $inputs.hp hp with it', (example) => {
    const risk = riskOf(example);
    const query = new URLSearchParams(riskQuery(risk));
    query.set('powerHp', String(example.inputs.hp));
    expect(parse(query.toString(), risk.startsOn)).toEqual({ ok: true, risk });
  });
});

describe('premiums printed by a public source', () => {
  // The source numbers the classes 1 to 15: its 5 is class 4 here. Region 63 is Samara oblast.
  const query = {
    category: 'B',
    owner: 'individual',
    subject: 'Самарская область',
    locality: 'Чапаевск',
    kbm: '4',
    drivers: '40:20',
    powerHp: '100',
    months: '3',
  };

  test.each(examples.examples.filter(({ id }) => ['P1', 'P2'].includes(id)))(
    '$id: $published rounds to $recomputed, by the tables in force on 2025-06-15',
    ({ factors, recomputed, published }) => {
      if (!Array.isArray(factors)) throw new Error('factors in a list expected');
      const [base = '', ...values] = factors;
      const parsed = parse(query, '2025-06-15');
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      const rating = ratedAt(parsed.risk, minor(base));
      expect(rating.premiumMinor).toBe(minor(recomputed));
      expect(rating.premiumMinor).toBe(minor(published ?? ''));
      expect(rating.breakdown.factors.map(({ value }) => value)).toEqual(values);
    },
  );

  test('P9, P10: the corridor of row 2.2 is the one published', () => {
    const published = (id: string) => examples.examples.find((example) => example.id === id)?.published;
    const row = tables.baseRates.find(({ id }) => id === '2.2');
    expect([row?.max, row?.min]).toEqual([published('P9'), published('P10')]);
  });
});
