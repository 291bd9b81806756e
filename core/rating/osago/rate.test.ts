import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OsagoRisk } from '#contracts/quote.ts';
import { Offer } from '#contracts/quote.ts';
import { anyBaseMinor, anyQuery, TODAY } from './any-query.testing.ts';
import { parseOsagoRisk } from './parse-risk.ts';
import { rateOsago } from './rate.ts';
import { referencePremium } from './reference-premium.testing.ts';
import tables from './tables.json' with { type: 'json' };

const RISK: OsagoRisk = {
  category: 'B',
  owner: 'individual',
  use: 'personal',
  subject: 'Москва',
  locality: 'Москва',
  kbm: '4',
  drivers: [{ age: 40, experience: 20 }],
  powerHp: 100,
  months: 12,
  startsOn: '2026-12-01',
};

const anyRisk = anyQuery.map((query): OsagoRisk => {
  const parsed = parseOsagoRisk(new URLSearchParams(query), { today: TODAY });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.risk;
});

const rateAt = (risk: OsagoRisk, baseMinor: number) =>
  rateOsago({ risk, terms: { baseRatesMinor: { '2.2': baseMinor } } });

function rated(risk: OsagoRisk, baseMinor: number) {
  const rating = rateAt(risk, baseMinor);
  if (rating.status !== 'rated') throw new Error(rating.reason);
  return rating;
}

function factor(risk: OsagoRisk, code: string): string | undefined {
  return rated(risk, 420_000).breakdown.factors.find((entry) => entry.code === code)?.value;
}

describe('rateOsago', () => {
  test('equals the tables scanned by hand and multiplied as fractions, rounded half up once', () => {
    fc.assert(
      fc.property(anyRisk, anyBaseMinor, (risk, baseMinor) => {
        expect(BigInt(rated(risk, baseMinor).premiumMinor)).toBe(referencePremium(risk, baseMinor));
      }),
      { numRuns: 1_000 },
    );
  });

  test('never leaves the corridor times the coefficients', () => {
    fc.assert(
      fc.property(anyRisk, anyBaseMinor, (risk, baseMinor) => {
        const premium = BigInt(rated(risk, baseMinor).premiumMinor);
        expect(premium).toBeGreaterThanOrEqual(referencePremium(risk, 139_900));
        expect(premium).toBeLessThanOrEqual(referencePremium(risk, 866_500));
      }),
    );
  });

  test('answers the base and six coefficients in the order of the formula, in the contract form', () => {
    const { breakdown } = rated(RISK, 420_000);
    expect(Offer.shape.breakdown.parse(breakdown)).toEqual(breakdown);
    expect(breakdown.base).toBe('4200.00');
    expect(breakdown.factors).toEqual([
      { code: 'KT', value: '1.80' },
      { code: 'KBM', value: '1.00' },
      { code: 'KVS', value: '0.91' },
      { code: 'KO', value: '1.00' },
      { code: 'KM', value: '1.10' },
      { code: 'KS', value: '1.00' },
    ]);
  });

  test('more experience never raises KVS within an age band, and every driver has one', () => {
    for (const { ageFrom, ageTo } of tables.kvs.filter((row) => row.expFrom === 0)) {
      for (let age = ageFrom; age <= (ageTo ?? 99); age += 1) {
        let before = Number.POSITIVE_INFINITY;
        for (let experience = 0; experience <= age - 16; experience += 1) {
          const value = Number(factor({ ...RISK, drivers: [{ age, experience }] }, 'KVS'));
          if (!(value <= before)) expect.fail(`${age}:${experience} has ${value} after ${before}`);
          before = value;
        }
      }
    }
  });

  test('several drivers cost what the dearest of them costs alone', () => {
    const drivers = [
      { age: 18, experience: 0 },
      { age: 40, experience: 20 },
      { age: 25, experience: 5 },
    ];
    expect(factor({ ...RISK, drivers }, 'KVS')).toBe('2.27');
    expect(factor({ ...RISK, drivers: drivers.toReversed() }, 'KVS')).toBe('2.27');
  });

  test('unlimited drivers: KVS not applied, KO 3.16, and 2.32 before 2025-12-09', () => {
    const unlimited: OsagoRisk = { ...RISK, drivers: 'unlimited' };
    expect([factor(unlimited, 'KVS'), factor(unlimited, 'KO')]).toEqual(['1.00', '3.16']);
    const samara = { ...unlimited, subject: 'Самарская область', locality: 'прочие города и населённые пункты' };
    expect(factor({ ...samara, startsOn: '2025-12-09' }, 'KO')).toBe('3.16');
    expect(factor({ ...samara, startsOn: '2025-12-08' }, 'KO')).toBe('2.32');
  });

  test.each([
    [1, '0.60'],
    [50, '0.60'],
    [50.01, '1.00'],
    [70, '1.00'],
    [100, '1.10'],
    [120, '1.20'],
    [150, '1.40'],
    [150.01, '1.60'],
    [2000, '1.60'],
  ])('a band of power holds its upper bound: %d hp is %s', (powerHp, km) => {
    expect(factor({ ...RISK, powerHp }, 'KM')).toBe(km);
  });

  test('a base rate is rated at both bounds of the corridor and declined a kopeck outside', () => {
    expect([139_900, 866_500].map((baseMinor) => rateAt(RISK, baseMinor).status)).toEqual(['rated', 'rated']);
    for (const baseMinor of [139_899, 866_501, 0, -1, 200_000.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const reason = expect.stringContaining('outside the official corridor of 1399.00 to 8665.00');
      expect(rateAt(RISK, baseMinor), `${baseMinor}`).toEqual({ status: 'declined', reason });
    }
  });

  test('the corridor is that of the day the policy starts', () => {
    const samara = { ...RISK, subject: 'Самарская область', locality: 'прочие города и населённые пункты' };
    const statuses = (startsOn: string) =>
      [139_900, 164_600, 753_500, 866_500].map((baseMinor) => {
        return rateAt({ ...samara, startsOn }, baseMinor).status;
      });
    expect(statuses('2025-12-08')).toEqual(['declined', 'rated', 'rated', 'declined']);
    expect(statuses('2025-12-09')).toEqual(['rated', 'rated', 'rated', 'rated']);
  });

  test('declines, with the reason, what has no base rate, no edition or no coefficient', () => {
    expect(rateOsago({ risk: RISK, terms: { baseRatesMinor: {} } })).toEqual({
      status: 'declined',
      reason: 'does not sell base row 2.2',
    });
    const reasonOf = (change: Partial<OsagoRisk>) => rateAt({ ...RISK, ...change }, 420_000);
    expect(reasonOf({ startsOn: '2022-09-12' })).toHaveProperty('reason', 'no official tables known for 2022-09-12');
    expect(reasonOf({ locality: 'Казань' })).toHaveProperty('reason', 'no official coefficient KT for this risk');
    expect(reasonOf({ kbm: '14' })).toHaveProperty('reason', 'no official coefficient KBM for this risk');
    const [known, unknown] = [
      { age: 40, experience: 20 },
      { age: 22, experience: 10 },
    ];
    expect(reasonOf({ drivers: [known, unknown] })).toHaveProperty(
      'reason',
      'no official coefficient KVS for this risk',
    );
    expect(reasonOf({ use: 'taxi' as 'personal' })).toHaveProperty(
      'reason',
      'no base row for category B, individual, taxi',
    );
  });
});
