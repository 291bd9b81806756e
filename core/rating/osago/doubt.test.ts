import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { Offer } from '#contracts/quote.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import { RISK } from './a-risk.testing.ts';
import { anyRisk, PLACES } from './any-query.testing.ts';
import { rateAt, ratedAt } from './rated.testing.ts';

const factorOf = (risk: OsagoRisk, code: string) =>
  ratedAt(risk, 300_000).breakdown.factors.find((factor) => factor.code === code);

const wordsOf = ({ confidence, note }: { confidence: string; note?: string }) =>
  confidence.startsWith('low') ? { confidence: 'low', note: note ?? confidence } : {};

describe('a coefficient of low confidence is marked, in the words of the table', () => {
  test.each(['B', 'tractor'] as const)('KT: the low rows and no other, in category %s', (category) => {
    const places = PLACES.filter((row) => row.effectiveFrom >= '2025-12-09' || row.effectiveTo === null);
    let marked = 0;
    for (const row of places) {
      const { subject, locality, effectiveTo } = row;
      const value = category === 'tractor' ? row.tractor : row.car;
      if (value === null) continue;
      const risk: OsagoRisk = { ...RISK, category, subject, locality, startsOn: effectiveTo ?? RISK.startsOn };
      const factor = factorOf(risk, 'KT');
      expect(factor, `${subject}, ${locality}`).toEqual({ code: 'KT', value, ...wordsOf(row) });
      if (factor?.confidence) marked += 1;
    }
    expect(marked).toBe(category === 'tractor' ? 4 : 9);
  });

  test('KT: the note where the confidence is the bare word, else the confidence itself', () => {
    expect(factorOf({ ...RISK, subject: 'Иркутская область', locality: 'Ангарск' }, 'KT')).toEqual({
      code: 'KT',
      value: '1.16',
      confidence: 'low',
      note: 'source prints 1,6; 1.16 is our reading (the older tables have Angarsk between Shelekhov and Usolye)',
    });
    expect(factorOf({ ...RISK, subject: 'Новосибирская область', locality: 'Искитим' }, 'KT')).toEqual({
      code: 'KT',
      value: '1.74',
      confidence: 'low',
      note: 'low: 1.16 x 1.5, not printed by any source',
    });
  });

  test('KBM: of unlimited drivers, never of a list', () => {
    const rule = tables.kbm.rules.find(({ confidence }) => confidence.startsWith('low'));
    expect(rule?.rule).toContain('unlimited drivers');
    const marked = { code: 'KBM', value: '1.00', confidence: 'low', note: rule?.confidence };
    expect(factorOf({ ...RISK, drivers: 'unlimited' }, 'KBM')).toEqual(marked);
    expect(factorOf(RISK, 'KBM')).toEqual({ code: 'KBM', value: '1.00' });
  });

  test('no other factor ever is, and what is marked keeps to the contract', () => {
    fc.assert(
      fc.property(anyRisk, (risk) => {
        const rating = rateAt(risk, 250_000);
        if (rating.status === 'declined') return;
        expect(Offer.shape.breakdown.parse(rating.breakdown)).toEqual(rating.breakdown);
        for (const { code, confidence } of rating.breakdown.factors) {
          if (code !== 'KT') expect(confidence === 'low').toBe(code === 'KBM' && risk.drivers === 'unlimited');
        }
      }),
    );
  });
});
