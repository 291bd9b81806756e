import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { parseOsagoRisk } from '../../core/rating/osago/parse-risk.ts';
import { rateOsago } from '../../core/rating/osago/rate.ts';
import { DEFAULT_INSURERS, SIMULATORS } from '../../local/insurers/simulators.ts';
import { collectTariffs } from '../bench/rating/collect-tariffs.ts';
import { queryText, riskAt } from './risk-at.ts';
import { riskTables } from './risk-tables.ts';

const TABLES = riskTables(tables);
const AT = new Date('2026-11-22T10:00:00Z');
const TODAY = '2026-11-22';
const DRAWS = 20_000;

const draw = (seed: number, stream = 1) =>
  Array.from({ length: DRAWS }, (_, n) => queryText(riskAt(TABLES, { seed, stream, n })));
const drawn = draw(1);

/** What the insurers of `npm start` sell, unless it is told otherwise. */
async function soldByDefault() {
  const sellers = SIMULATORS.slice(0, DEFAULT_INSURERS).map(({ id }) => id);
  return (await collectTariffs(AT)).flatMap((tariff) =>
    tariff.product === 'osago' && sellers.includes(tariff.insurer) ? [tariff.terms] : [],
  );
}

describe('riskAt', () => {
  test('draws nothing that the product refuses, and nothing that no insurer of npm start sells', async () => {
    const sold = await soldByDefault();
    expect(sold).toHaveLength(DEFAULT_INSURERS);
    for (const query of new Set(drawn)) {
      const parsed = parseOsagoRisk(new URLSearchParams(query), TODAY);
      if (!parsed.ok) expect.fail(`${query}: ${JSON.stringify(parsed.errors)}`);
      const ratings = sold.map((terms) => rateOsago({ risk: parsed.risk, terms }));
      if (ratings.every(({ status }) => status === 'declined')) expect.fail(`${query}: ${JSON.stringify(ratings)}`);
    }
  });

  test('draws the same for a seed, a stream and a turn, and something else for another', () => {
    expect(draw(1)).toEqual(drawn);
    for (const other of [draw(2), draw(1, 2)]) {
      const same = other.filter((query, n) => query === drawn[n]).length;
      expect(same).toBeLessThan(DRAWS * 0.05);
    }
  });

  test('draws four of five out of sixty that are asked for by all streams, the rest anew', () => {
    const times = Map.groupBy(drawn, (query) => query);
    const popular = [...times].filter(([, all]) => all.length > 50).map(([query]) => query);
    expect(popular).toHaveLength(60);
    const share = drawn.filter((query) => popular.includes(query)).length / DRAWS;
    expect(share).toBeCloseTo(0.8, 1);
    expect(times.size).toBeGreaterThan(DRAWS * 0.19);
    expect(draw(1, 2).filter((query) => popular.includes(query)).length / DRAWS).toBeCloseTo(0.8, 1);
  });

  test('draws every place in force, every class, every band, and vehicles of eight categories', () => {
    const all = drawn.map((query) => Object.fromEntries(new URLSearchParams(query)));
    const values = (name: string) => new Set(all.map((risk) => risk[name]));
    expect(values('locality').size).toBe(new Set(Array.from(TABLES.places, ([, locality]) => locality)).size);
    expect(values('subject').size).toBe(new Set(Array.from(TABLES.places, ([subject]) => subject)).size);
    expect(values('kbm')).toEqual(new Set(tables.kbm.classes.map((row) => row.class)));
    expect(values('months').size).toBe(tables.ks.length);
    expect(values('category').size).toBe(8);
    expect(values('use')).toEqual(new Set(['personal', 'taxi', 'regular']));
    expect(values('drivers').size).toBeGreaterThan(1_000);
  });
});
