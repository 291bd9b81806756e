import { describe, expect, test } from 'vitest';
import type { OsagoRisk } from '#contracts/quote.ts';
import { decimal, productMinor } from '../decimal.ts';
import { PLACES } from './any-query.testing.ts';
import examples from './examples.json' with { type: 'json' };
import { parseOsagoRisk } from './parse-risk.ts';
import { rateOsago } from './rate.ts';
import { addDays } from './starts-on.ts';
import tables from './tables.json' with { type: 'json' };

const minor = (amount: string | undefined): number => productMinor(decimal(amount ?? ''), []);

/** Rates at a base rate in roubles; throws unless it is rated. */
function rate(risk: OsagoRisk, base: string) {
  const rating = rateOsago({ risk, terms: { baseRatesMinor: { '2.2': minor(base) } } });
  if (rating.status !== 'rated') throw new Error(rating.reason);
  return rating;
}

const parse = (query: Record<string, string>, on: string) =>
  parseOsagoRisk(new URLSearchParams({ ...query, startsOn: on }), { today: addDays(on, -1) });

const premiums = examples.examples.filter((example) => example.premiumMin !== undefined);
const inScope = premiums.filter(({ inputs }) => inputs.category === 'B' && inputs.owner === 'individual');

function riskOf({ inputs, date = '' }: (typeof inScope)[number]): OsagoRisk {
  const { locality = '', kbmClass = '', drivers = [], hp, months, limited } = inputs;
  return {
    category: 'B',
    owner: 'individual',
    use: 'personal',
    subject: PLACES.find((place) => place.locality === locality)?.subject ?? '',
    locality,
    kbm: kbmClass,
    drivers: limited ? drivers.map(({ age, exp }) => ({ age, experience: exp })) : 'unlimited',
    powerHp: Number(hp),
    months: Number(months),
    startsOn: date,
  };
}

/** The query that a client would write for a risk. */
function queryOf({ drivers, ...rest }: OsagoRisk): Record<string, string> {
  const pairs =
    drivers === 'unlimited' ? drivers : drivers.map(({ age, experience }) => `${age}:${experience}`).join(',');
  return Object.fromEntries(Object.entries({ ...rest, drivers: pairs }).map(([name, value]) => [name, String(value)]));
}

describe(`official examples: ${inScope.length} of ${premiums.length} are cars of individuals`, () => {
  test('these are 7 of 9, so that none gets lost', () => {
    expect([inScope.length, premiums.length]).toEqual([7, 9]);
  });

  test.each(inScope)('$id ($inputs.locality) comes to $premiumMin and $premiumMax, factor by factor', (example) => {
    const { factors } = example;
    if (Array.isArray(factors)) throw new Error('factors by name expected');
    const least = rate(riskOf(example), factors.TBmin);
    const most = rate(riskOf(example), factors.TBmax);
    expect([least.premiumMinor, most.premiumMinor]).toEqual([minor(example.premiumMin), minor(example.premiumMax)]);
    const { KT, KBM, KVS, KO, KM, KS } = factors;
    expect(most.breakdown.factors).toEqual(
      Object.entries({ KT, KBM, KVS, KO, KM, KS }).map(([code, value]) => ({ code, value })),
    );
  });

  test('parseOsagoRisk takes each as a query', () => {
    for (const example of inScope) {
      const risk = riskOf(example);
      expect(parse(queryOf(risk), risk.startsOn), example.id).toEqual({ ok: true, risk });
    }
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
      const rating = rate(parsed.risk, base);
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
