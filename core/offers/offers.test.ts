import fc from 'fast-check';
import { base64url, type CompactJWSHeaderParameters, CompactSign, compactVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { KbmClass, type OsagoRisk, VehicleCategory, VehicleOwner, VehicleUse } from '#contracts/risk.ts';
import type { DomainError } from '#platform/problem/domain-error.ts';
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

const reader = (options: { keys?: (typeof K1)[]; at?: string; region?: string } = {}) => ({
  region: options.region ?? 'msk',
  offerKeys: createKeyRing(options.keys ?? [K1]),
  homeOf: createHomeOf(new Map([['nsk', 'https://nsk.example']])),
  now: () => new Date(options.at ?? NOW),
});

/** What is thrown at a token; undefined when it is taken. */
function refusalOf(ctx: ReturnType<typeof reader>, token: string): DomainError | undefined {
  try {
    readOffer(ctx, token);
    return undefined;
  } catch (error) {
    return error as DomainError;
  }
}

describe('D7 an offer', () => {
  test('says what was signed, whatever the risk', { timeout: 20_000 }, () => {
    const ctx = reader();
    fc.assert(
      fc.property(anyClaims, (claims) => {
        expect(readOffer(ctx, signOffer(ctx.offerKeys, claims))).toEqual(claims);
      }),
    );
  });

  test('is refused when any one character of its token is another, also one that decodes to the same bytes', {
    timeout: 20_000,
  }, () => {
    const ctx = reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    const anyCharacter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ €');
    // The last one half of the time: 43 characters say 258 bits of a signature of 256.
    const anyPlace = fc.oneof(fc.nat(token.length - 1), fc.constant(token.length - 1));
    fc.assert(
      fc.property(anyPlace, anyCharacter, (at, character) => {
        fc.pre(token[at] !== character);
        const altered = token.slice(0, at) + character + token.slice(at + 1);
        // Changed so that it names another region it is that region's to refuse.
        expect(['offer-invalid', 'wrong-region']).toContain(refusalOf(ctx, altered)?.slug);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['.', '=', 'A', ' ', '\n', '\u0000'])('is refused with %j added at its end or its start', (more) => {
    const ctx = reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    for (const altered of [token + more, more + token]) expect(refusalOf(ctx, altered)?.slug).toBe('offer-invalid');
  });

  test('is refused when any one character is another with the same low byte', () => {
    const ctx = reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    for (let at = 0; at < token.length; at += 1) {
      const other = String.fromCharCode(token.charCodeAt(at) + 0x100);
      expect(refusalOf(ctx, token.slice(0, at) + other + token.slice(at + 1))?.slug).toBe('offer-invalid');
    }
  });

  test('is refused when cut off anywhere', () => {
    const ctx = reader();
    const token = signOffer(ctx.offerKeys, CLAIMS);
    for (let length = 0; length < token.length; length += 1) {
      expect(refusalOf(ctx, token.slice(0, length))?.slug).toBe('offer-invalid');
    }
  });

  test('holds for 15 minutes from rating, to the millisecond', () => {
    const token = signOffer(reader().offerKeys, CLAIMS);
    expect(readOffer(reader({ at: '2026-11-22T10:14:59.999Z' }), token)).toEqual(CLAIMS);
    expect(refusalOf(reader({ at: '2026-11-22T10:15:00.000Z' }), token)).toMatchObject({
      slug: 'offer-expired',
      message: expect.stringContaining('2026-11-22T10:15:00.000Z'),
    });
  });

  test('with a signature that does not hold is invalid, not expired: nothing unverified is said of it', () => {
    const token = signOffer(createKeyRing([{ ...K2, kid: 'k1' }]), CLAIMS);
    expect(refusalOf(reader({ at: '2027-01-01T00:00:00.000Z' }), token)?.slug).toBe('offer-invalid');
  });

  test('of another region is refused with the address of its home', () => {
    const { offerKeys } = reader();
    const token = signOffer(offerKeys, { ...CLAIMS, region: 'nsk' });
    expect(refusalOf(reader(), token)).toMatchObject({
      slug: 'wrong-region',
      extras: { home: 'https://nsk.example' },
    });
  });
});

describe('D7 an offer is a JWS as others make it (RFC 7515, by jose)', () => {
  const payload = new TextEncoder().encode(JSON.stringify(CLAIMS));
  const joseSigned = (header: CompactJWSHeaderParameters, key = K1.key) =>
    new CompactSign(payload).setProtectedHeader(header).sign(key);
  const unsigned = (header: object) => `${base64url.encode(JSON.stringify(header))}.${base64url.encode(payload)}.`;

  test('what jose signs is read here, what is signed here jose verifies', async () => {
    const ctx = reader();
    expect(readOffer(ctx, await joseSigned({ alg: 'HS256', kid: 'k1' }))).toEqual(CLAIMS);
    const verified = await compactVerify(signOffer(ctx.offerKeys, CLAIMS), K1.key, { algorithms: ['HS256'] });
    expect(verified.protectedHeader).toEqual({ alg: 'HS256', kid: 'k1' });
    expect(verified.payload).toEqual(payload);
  });

  const KEY_512 = new Uint8Array(64).fill(1);
  test.each<[string, CompactJWSHeaderParameters]>([
    ['HS384 and the right kid', { alg: 'HS384', kid: 'k1' }],
    ['HS512 and the right kid', { alg: 'HS512', kid: 'k1' }],
    ['HS256 without kid', { alg: 'HS256' }],
    ['HS256 and an empty kid', { alg: 'HS256', kid: '' }],
    ['HS256, the right kid and more', { alg: 'HS256', kid: 'k1', typ: 'JWT' }],
    ['HS256 and a kid of the prototype', { alg: 'HS256', kid: '__proto__' }],
  ])('signed with the key in use under %s it is refused', async (_what, header) => {
    const ring = { keys: [{ kid: 'k1', key: KEY_512 }] };
    expect(refusalOf(reader(ring), await joseSigned({ alg: 'HS256', kid: 'k1' }, KEY_512))).toBeUndefined();
    expect(refusalOf(reader(ring), await joseSigned(header, KEY_512))?.slug).toBe('offer-invalid');
  });

  test.each([
    { alg: 'none' },
    { alg: 'none', kid: 'k1' },
    { alg: 'None', kid: 'k1' },
    { kid: 'k1' },
    { alg: 'HS256', kid: 'k1' },
  ])('unsigned under %j it is refused', (header) => {
    expect(refusalOf(reader(), unsigned(header))?.slug).toBe('offer-invalid');
  });
});

describe('D7 a key ring', () => {
  test('rotates without refusing live offers: the first key signs, all verify, a retired one is refused', () => {
    const before = signOffer(createKeyRing([K1]), CLAIMS);
    const rotating = reader({ keys: [K2, K1] });
    const after = signOffer(rotating.offerKeys, CLAIMS);
    for (const token of [before, after]) expect(readOffer(rotating, token)).toEqual(CLAIMS);
    const rotated = reader({ keys: [K2] });
    expect(readOffer(rotated, after)).toEqual(CLAIMS);
    expect(refusalOf(rotated, before)?.slug).toBe('offer-invalid');
  });

  test('needs a key', () => {
    expect(() => createKeyRing([])).toThrow('at least one key');
  });
});
