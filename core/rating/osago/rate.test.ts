import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { Offer } from '#contracts/quote.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import { RISK } from './a-risk.testing.ts';
import { anyRisk, PLACES } from './any-query.testing.ts';
import { rateOsago } from './rate.ts';
import { rateAt, ratedAt } from './rated.testing.ts';
import { referenceBaseRow } from './reference-base-row.testing.ts';
import { referencePremium } from './reference-premium.testing.ts';

/** The corridor of a risk's row in 7204-У, kopecks. */
function corridorOf(risk: OsagoRisk): { min: number; max: number } {
  const { min, max } = referenceBaseRow(risk);
  return { min: Number(min) * 100, max: Number(max) * 100 };
}

/** A risk and a base rate inside its corridor, kopecks; often at a bound. */
const anyRatable = anyRisk.chain((risk) => {
  const { min, max } = corridorOf(risk);
  return fc.tuple(fc.constant(risk), fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })));
});

/** Whether 6209-У was in force, and does not have the base rate or the row. */
function outsidePrevious(risk: OsagoRisk, { startsOn, baseMinor }: { startsOn: string; baseMinor: number }): boolean {
  const row = tables.baseRatesPrevious.rows.find(({ id }) => id === referenceBaseRow(risk).id);
  if (startsOn >= tables.meta.effectiveFrom) return false;
  return !row?.min || baseMinor < Number(row.min) * 100 || Number(row.max) * 100 < baseMinor;
}

const SAMARA = { subject: 'Самарская область', locality: 'прочие города и населённые пункты' };

describe('rateOsago', () => {
  test('equals the tables scanned by hand and multiplied as fractions, rounded half up once, in all categories', () => {
    fc.assert(
      fc.property(anyRatable, ([risk, baseMinor]) => {
        const rating = rateAt(risk, baseMinor);
        const premium = rating.status === 'rated' ? BigInt(rating.premiumMinor) : undefined;
        expect(premium).toBe(referencePremium(risk, baseMinor));
      }),
      { numRuns: 2_000 },
    );
  });

  test('equals them in every edition, by the tables of the day the policy starts', () => {
    const anyDay = fc.constantFrom('2025-01-27', '2025-12-08', '2025-12-09', '2026-06-21', '2026-06-22');
    fc.assert(
      fc.property(anyRatable, anyDay, ([risk, baseMinor], startsOn) => {
        const rating = rateAt({ ...risk, startsOn }, baseMinor);
        const premium = referencePremium({ ...risk, startsOn }, baseMinor);
        if (rating.status === 'rated') expect(BigInt(rating.premiumMinor)).toBe(premium);
        else expect(premium === undefined || outsidePrevious(risk, { startsOn, baseMinor })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('never leaves the corridor times the coefficients', () => {
    fc.assert(
      fc.property(anyRatable, ([risk, baseMinor]) => {
        const { min, max } = corridorOf(risk);
        const [least, most] = [referencePremium(risk, min), referencePremium(risk, max)];
        fc.pre(least !== undefined && most !== undefined);
        const premium = BigInt(ratedAt(risk, baseMinor).premiumMinor);
        expect(least <= premium && premium <= most).toBe(true);
      }),
    );
  });

  test('declines every base rate outside the corridor', () => {
    const anyOutside = anyRisk.chain((risk) => {
      const { min, max } = corridorOf(risk);
      const below = fc.oneof(fc.constant(min - 1), fc.integer({ min: 1, max: min - 1 }));
      const above = fc.oneof(fc.constant(max + 1), fc.integer({ min: max + 1, max: 10 ** 12 }));
      return fc.tuple(fc.constant(risk), fc.oneof(below, above));
    });
    fc.assert(
      fc.property(anyOutside, ([risk, baseMinor]) => {
        const reason = expect.stringMatching(/outside the official corridor of .* \(7204-У\)$/);
        expect(rateAt(risk, baseMinor)).toEqual({ status: 'declined', reason });
      }),
    );
    for (const baseMinor of [0, -1, 200_000.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(rateAt(RISK, baseMinor).status, `${baseMinor}`).toBe('declined');
    }
  });

  test('answers the base and the coefficients in the order of the formula, in the contract form', () => {
    const { breakdown } = ratedAt(RISK, 420_000);
    expect(Offer.shape.breakdown.parse(breakdown)).toEqual(breakdown);
    expect(breakdown).toEqual({
      base: '4200.00',
      factors: [
        { code: 'KT', value: '1.80' },
        { code: 'KBM', value: '1.00' },
        { code: 'KVS', value: '0.91' },
        { code: 'KO', value: '1.00' },
        { code: 'KM', value: '1.10' },
        { code: 'KS', value: '1.00' },
      ],
    });
  });

  test.each(['C', 'CE', 'D', 'D1', 'Tb', 'Tm', 'tractor'] as const)('has no KM in category %s', (category) => {
    const { breakdown } = ratedAt({ ...RISK, category, maxMassKg: 20_000 }, 250_000);
    expect(breakdown.factors.map(({ code }) => code)).toEqual(['KT', 'KBM', 'KVS', 'KO', 'KS']);
  });

  test('rates tractors by their own column of KT', () => {
    const { breakdown } = ratedAt({ ...RISK, category: 'tractor', ...SAMARA }, 100_000);
    expect(breakdown.factors[0]).toEqual({ code: 'KT', value: '0.60' });
  });

  test('the corridor is that of the day the policy starts', () => {
    const statuses = (startsOn: string) =>
      [139_900, 164_600, 753_500, 866_500].map((baseMinor) => {
        return rateAt({ ...RISK, ...SAMARA, startsOn }, baseMinor).status;
      });
    expect(statuses('2025-12-08')).toEqual(['declined', 'rated', 'rated', 'declined']);
    expect(statuses('2025-12-09')).toEqual(['rated', 'rated', 'rated', 'rated']);
  });
});

describe('rateOsago declines, and says what is missing', () => {
  test.each<[string, Partial<OsagoRisk>]>([
    ['no official tables known for 2022-09-12', { startsOn: '2022-09-12' }],
    ['no official corridor known for base row 1 in 6209-У', { category: 'A', startsOn: '2025-12-08' }],
    ['no official corridor known for base row 7 in 6209-У', { category: 'tractor', startsOn: '2025-12-08' }],
    ['no official KT in "Казань" (Москва) on 2026-12-01', { locality: 'Казань' }],
    [
      'no official KT for this machine in "Бердск" (Новосибирская область) on 2026-12-01',
      { category: 'tractor', subject: 'Новосибирская область', locality: 'Бердск' },
    ],
    ['no official coefficient KBM for this risk', { kbm: '14' as '13' }],
    [
      'no official coefficient KVS for this risk',
      {
        drivers: [
          { age: 40, experience: 20 },
          { age: 22, experience: 10 },
        ],
      },
    ],
    ['no official coefficient KVS for this risk', { drivers: [] }],
    ['no official coefficient KS for this risk', { months: 2 }],
    ['no base row for category D, individual, taxi', { category: 'D', use: 'taxi' }],
    ['no base row for category C, individual, personal without maxMassKg', { category: 'C' }],
  ])('%s', (reason, change) => {
    expect(rateAt({ ...RISK, ...change }, 300_000)).toEqual({ status: 'declined', reason });
  });

  test('no official coefficient KM for this risk', () => {
    const { powerHp: _, ...risk } = RISK;
    expect(rateAt(risk, 300_000)).toHaveProperty('reason', 'no official coefficient KM for this risk');
  });

  test('a row that the insurer does not sell', () => {
    const terms = { baseRatesMinor: { '2.2': 420_000 } };
    expect(rateOsago({ risk: { ...RISK, use: 'taxi' }, terms })).toEqual({
      status: 'declined',
      reason: 'does not sell base row 2.3',
    });
    expect(rateOsago({ risk: RISK, terms }).status).toBe('rated');
  });

  test('every tractor where its column is empty, and no other vehicle', () => {
    const places = PLACES.filter((row) => row.effectiveTo === null);
    for (const { subject, locality, tractor } of places) {
      const risk: OsagoRisk = { ...RISK, subject, locality };
      const { status } = rateAt({ ...risk, category: 'tractor' }, 300_000);
      expect(status, `${subject}, ${locality}`).toBe(tractor === null ? 'declined' : 'rated');
      expect(rateAt(risk, 300_000).status, `${subject}, ${locality}`).toBe('rated');
    }
  });
});
