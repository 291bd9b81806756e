import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Partner } from '#contracts/partner.ts';
import { EdgePartner } from './edge-partner.ts';

const region = fc.stringMatching(/^[a-z]{2,8}$/);
const partners = fc
  .record({
    id: fc.stringMatching(/^[a-z][a-z0-9-]{1,31}$/),
    name: fc.string({ minLength: 1, maxLength: 100 }),
    limitPerSecond: fc.integer({ min: 1, max: 100_000 }),
    limitShares: fc.option(fc.dictionary(region, fc.integer({ min: 0, max: 100 }), { maxKeys: 4 }), { nil: undefined }),
    commissionRateBps: fc.integer({ min: 0, max: 10_000 }),
    keyDigests: fc.array(fc.stringMatching(/^[0-9a-f]{64}$/), { maxLength: 2 }),
  })
  .map((fields) => Partner.safeParse(fields))
  .filter(({ success }) => success);

const GOOD = { id: 'alfa', limitPerSecond: 20, keyDigests: ['a'.repeat(64)] };

describe('what the edge reads of a partner', () => {
  it('is in every partner that the contract allows, as core says it', () => {
    fc.assert(
      fc.property(partners, ({ data }) => {
        const { id, limitPerSecond, limitShares, keyDigests } = data as Partner;
        expect(EdgePartner.parse(data)).toEqual({ id, limitPerSecond, limitShares, keyDigests });
      }),
    );
  });

  it.each([
    ['an id that no key can name', { ...GOOD, id: 'Alfa' }],
    ['no limit', { ...GOOD, limitPerSecond: 0 }],
    ['half a request', { ...GOOD, limitPerSecond: 1.5 }],
    ['a share of no region', { ...GOOD, limitShares: { MSK: 50 } }],
    ['a share over the whole', { ...GOOD, limitShares: { msk: 101 } }],
    ['a key instead of its digest', { ...GOOD, keyDigests: ['ik_alfa_secret'] }],
  ])('is refused with %s', (_what, said) => {
    expect(EdgePartner.safeParse(GOOD).success).toBe(true);
    expect(EdgePartner.safeParse(said).success).toBe(false);
  });
});
