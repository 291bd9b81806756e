import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KbmClass, type OsagoRisk, VehicleCategory, VehicleOwner, VehicleUse } from '#contracts/risk.ts';
import { NOW } from '../core.testing.ts';
import { createHomeOf } from '../homes.ts';
import { createKeyRing } from './key-ring.ts';
import { OFFER_TTL_MS, type OfferClaims } from './offer-claims.ts';
import { readOffer } from './read-offer.ts';
import { signOffer } from './sign-offer.ts';

const K1 = { kid: 'k1', key: new Uint8Array(32).fill(1) };
const K2 = { kid: 'k2', key: new Uint8Array(32).fill(2) };
const EXPIRES_AT = new Date(Date.parse(NOW) + OFFER_TTL_MS).toISOString();

const anyRisk: fc.Arbitrary<OsagoRisk> = fc.record({
  category: fc.constantFrom(...VehicleCategory.options),
  owner: fc.constantFrom(...VehicleOwner.options),
  use: fc.constantFrom(...VehicleUse.options),
  subject: fc.string({ unit: 'grapheme', maxLength: 40 }),
  locality: fc.string({ unit: 'grapheme', maxLength: 40 }),
  kbm: fc.constantFrom(...KbmClass.options),
  drivers: fc.oneof(
    fc.constant('unlimited' as const),
    fc.array(fc.record({ age: fc.integer({ min: 16, max: 99 }), experience: fc.nat(80) }), {
      minLength: 1,
      maxLength: 20,
    }),
  ),
  powerHp: fc.integer({ min: 100, max: 200_000 }).map((hundredths) => hundredths / 100),
  months: fc.integer({ min: 3, max: 12 }),
  startsOn: fc.constantFrom('2026-11-23', '2026-12-31', '2027-01-01'),
});
const anyClaims: fc.Arbitrary<OfferClaims> = fc.record({
  region: fc.constant('msk'),
  product: fc.constant('osago'),
  insurer: fc.constantFrom('volga', 'ural', 'b2'),
  tariffVersion: fc.integer({ min: 1 }),
  risk: anyRisk,
  premiumMinor: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  expiresAt: fc.constant(EXPIRES_AT),
});
const CLAIMS: OfferClaims = {
  region: 'msk',
  product: 'osago',
  insurer: 'volga',
  tariffVersion: 3,
  risk: {
    category: 'B',
    owner: 'individual',
    use: 'personal',
    subject: 'Москва',
    locality: 'Москва',
    kbm: '3',
    drivers: 'unlimited',
    powerHp: 106,
    months: 12,
    startsOn: '2026-11-23',
  },
  premiumMinor: 1_234_567,
  expiresAt: EXPIRES_AT,
};

const reader = async (options: { keys?: (typeof K1)[]; at?: string; region?: string } = {}) => ({
  region: options.region ?? 'msk',
  offerKeys: await createKeyRing(options.keys ?? [K1]),
  homeOf: createHomeOf(new Map([['nsk', 'https://nsk.example']])),
  now: () => new Date(options.at ?? NOW),
});

describe('D7 an offer', () => {
  test('says what was signed, whatever the risk', async () => {
    const ctx = await reader();
    await fc.assert(
      fc.asyncProperty(anyClaims, async (claims) => {
        expect(await readOffer(ctx, signOffer(ctx.offerKeys, claims))).toEqual(claims);
      }),
    );
  });

  test('is refused when any one character of its token is another, also one that decodes to the same bytes', async () => {
    const ctx = await reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    const anyCharacter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ €');
    // The last one half of the time: 43 characters say 258 bits of a signature of 256.
    const anyPlace = fc.oneof(fc.nat(token.length - 1), fc.constant(token.length - 1));
    await fc.assert(
      fc.asyncProperty(anyPlace, anyCharacter, async (at, character) => {
        fc.pre(token[at] !== character);
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        const refusal = await readOffer(ctx, altered).then(
          () => 'accepted',
          (error) => error.slug,
        );
        // Changed so that it names another region it is that region's to refuse.
        expect(['offer-invalid', 'wrong-region']).toContain(refusal);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['.', '=', 'A', ' ', '\n', '\u0000'])('is refused with %j added at its end or its start', async (more) => {
    const ctx = await reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    for (const altered of [token + more, more + token]) {
      await expect(readOffer(ctx, altered)).rejects.toMatchObject({ slug: 'offer-invalid' });
    }
  });

  test('is refused when cut off anywhere', async () => {
    const ctx = await reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    for (let length = 0; length < token.length; length += 1) {
      await expect(readOffer(ctx, token.slice(0, length))).rejects.toMatchObject({ slug: 'offer-invalid' });
    }
  });

  test('holds for 15 minutes from rating, to the millisecond', async () => {
    const token = signOffer((await reader()).offerKeys, CLAIMS);
    expect(await readOffer(await reader({ at: '2026-11-22T10:14:59.999Z' }), token)).toEqual(CLAIMS);
    await expect(readOffer(await reader({ at: '2026-11-22T10:15:00.000Z' }), token)).rejects.toMatchObject({
      slug: 'offer-expired',
      message: expect.stringContaining('2026-11-22T10:15:00.000Z'),
    });
  });

  test('with a signature that does not hold is invalid, not expired: nothing unverified is said of it', async () => {
    const token = signOffer(await createKeyRing([{ ...K2, kid: 'k1' }]), CLAIMS);
    await expect(readOffer(await reader({ at: '2027-01-01T00:00:00.000Z' }), token)).rejects.toMatchObject({
      slug: 'offer-invalid',
    });
  });

  test('of another region is refused with the address of its home', async () => {
    const { offerKeys } = await reader();
    const token = signOffer(offerKeys, { ...CLAIMS, region: 'nsk' });
    await expect(readOffer(await reader(), token)).rejects.toMatchObject({
      slug: 'wrong-region',
      extras: { home: 'https://nsk.example' },
    });
  });
});

describe('D7 a key ring', () => {
  test('rotates without refusing live offers: the first key signs, all verify, a retired one is refused', async () => {
    const before = signOffer(await createKeyRing([K1]), CLAIMS);
    const rotating = await reader({ keys: [K2, K1] });
    const after = signOffer(rotating.offerKeys, CLAIMS);
    for (const token of [before, after]) expect(await readOffer(rotating, token)).toEqual(CLAIMS);
    const rotated = await reader({ keys: [K2] });
    expect(await readOffer(rotated, after)).toEqual(CLAIMS);
    await expect(readOffer(rotated, before)).rejects.toMatchObject({ slug: 'offer-invalid' });
  });

  test('needs a key', async () => {
    await expect(createKeyRing([])).rejects.toThrow('at least one key');
  });
});
