import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Risks } from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyLifeRisk, anyPropertyRisk, anyTravelRisk } from '../rating/any-risk.testing.ts';
import { RISK } from '../rating/osago/a-risk.testing.ts';
import { anyRisk as anyOsagoRisk } from '../rating/osago/any-query.testing.ts';
import { PRODUCTS } from '../rating/products.ts';
import { quoteLocation } from './quote-location.ts';
import { riskQuery } from './risk-query.ts';

const ratedAt = '2026-11-22T10:00:00.000Z';
const TODAY = moscowDate(new Date(ratedAt));
const ANY_RISK: { readonly [P in Product]: fc.Arbitrary<Risks[P]> } = {
  osago: anyOsagoRisk,
  travel: anyTravelRisk,
  property: anyPropertyRisk,
  life: anyLifeRisk,
};

describe('the shortest address of a quote', () => {
  test('leaves out what its absence stands for, also where that depends on the rest', () => {
    const risk = { ...RISK, kbm: '3', startsOn: '2026-11-23' } as const;
    const shortest = new URLSearchParams(quoteLocation({ product: 'osago', risk, ratedAt }).split('?')[1]);
    expect([...shortest.keys()]).toEqual(['category', 'owner', 'subject', 'drivers', 'powerHp']);
    const elsewhere = { ...risk, subject: 'Самарская область', locality: 'Самара' };
    expect(quoteLocation({ product: 'osago', risk: elsewhere, ratedAt })).toContain('locality=');
  });

  test.each(Object.keys(ANY_RISK) as Product[])(
    'of %s is read as the same risk, whichever of the rest is said too, and nothing more can be left out',
    (product) => {
      const parse = (query: URLSearchParams) => PRODUCTS[product].parse(query, TODAY);
      const anySpelling = (ANY_RISK[product] as fc.Arbitrary<Risks[Product]>).chain((risk) => {
        const [path, shortest] = quoteLocation({ product, risk, ratedAt }).split('?');
        const least = new URLSearchParams(shortest);
        const rest = [...new URLSearchParams(riskQuery(risk))].filter(([name]) => !least.has(name));
        return fc.record({
          risk: fc.constant(risk),
          path: fc.constant(path),
          least: fc.constant(least),
          more: fc.subarray(rest),
        });
      });
      fc.assert(
        fc.property(anySpelling, ({ risk, path, least, more }) => {
          expect(path).toBe(`/v1/quotes/${product}`);
          const said = [...least].concat(more);
          expect(parse(new URLSearchParams(said))).toEqual({ ok: true, risk });
          for (const name of least.keys()) {
            const less = new URLSearchParams(said.filter(([other]) => other !== name));
            expect(parse(less)).not.toEqual({ ok: true, risk });
          }
        }),
      );
    },
  );
});
