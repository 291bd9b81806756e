import { base64url, CompactSign } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PolicyEvent } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { Policy } from '#contracts/policy.ts';
import { createTestCore, HOLDER, NOW, partner, query, type TestCore, tariff } from '../core.testing.ts';
import { createKeyRing } from '../offers/key-ring.ts';
import { requestQuote } from '../quotes/request-quote.ts';
import { findPolicy } from './find-policy.ts';
import { issuePolicy } from './issue-policy.ts';

const ALFA = partner('alfa');
const BETA = partner('beta', { commissionRateBps: 700 });
const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const MINUTE_MS = 60_000;

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox, core.tariffs, core.insurers`;
  core.clock.at = new Date(NOW);
  await core.consume(tariff('volga', { baseMinor: 500_000 }), tariff('ural', { baseMinor: 600_000 }));
});
afterAll(() => core[Symbol.asyncDispose]());

async function cheapest() {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  if (!offer) throw new Error('an offer was expected');
  return offer;
}

type Request = Parameters<typeof issuePolicy>[1]['request'];
const requestFor = (token: string, changes: Partial<Request> = {}): Request => ({
  offer: token,
  holder: HOLDER,
  startsOn: '2026-11-23',
  ...changes,
});
const issue = (request: Request, { by = ALFA, key = 'key-00000001', ctx = core.ctx } = {}) =>
  issuePolicy(ctx, { partner: by, idempotencyKey: key, request, traceparent: TRACEPARENT });

const written = async () => {
  const [counts] = await core.admin`select (select count(*)::int from core.policies) as policies,
    (select count(*)::int from core.outbox) as events`;
  return { ...counts };
};
const outboxRows = () => core.admin`select * from core.outbox order by id`;
const eventOf = (row: Record<string, unknown>) =>
  PolicyEvent.parse({
    eventId: row['event_id'],
    type: row['type'],
    aggregateId: row['aggregate_id'],
    aggregateVersion: row['aggregate_version'],
    region: 'msk',
    partition: row['partition'],
    epoch: 1,
    sequence: 1,
    occurredAt: new Date(row['occurred_at'] as string).toISOString(),
    traceparent: row['traceparent'],
    data: JSON.parse(row['data'] as string),
  });

describe('a sale', () => {
  test('D7 issuePolicy issues at the price of the signed offer', async () => {
    const offer = await cheapest();
    const { policy, replayed } = await issue(requestFor(offer.token));
    expect(replayed).toBe(false);
    expect(Policy.parse(policy)).toEqual({
      id: expect.stringMatching(/^msk-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      number: expect.stringMatching(/^MSK-\d{10}$/),
      status: 'issued',
      insurer: 'volga',
      product: 'osago',
      premium: offer.premium,
      commission: rub(shareOf(offer.premium.amountMinor, 500)),
      region: 'msk',
      tariffVersion: 1,
      startsOn: '2026-11-23',
      endsOn: '2027-11-22',
      issuedAt: NOW,
    });
    expect(await findPolicy(core.ctx, 'alfa', policy.id)).toEqual(policy);
  });

  test('S3.2 issuePolicy writes policy and event in one commit, and pokes the relay once', async () => {
    const offer = await cheapest();
    const pokes = core.pokes();
    const { policy } = await issue(requestFor(offer.token));
    const [row, ...others] = await outboxRows();
    const [xids] = await core.admin`select p.xmin::text as policy, o.xmin::text as event
      from core.policies p, core.outbox o`;
    expect(xids?.['event']).toBe(xids?.['policy']);
    expect(others).toEqual([]);
    expect(core.pokes() - pokes).toBe(1);
    const event = eventOf(row ?? {});
    expect(event).toMatchObject({ aggregateId: policy.id, aggregateVersion: 1, traceparent: TRACEPARENT });
    expect(event.data).toEqual({
      policyId: policy.id,
      number: policy.number,
      insurer: 'volga',
      product: 'osago',
      tariffVersion: 1,
      issuedAt: NOW,
      startsOn: '2026-11-23',
      endsOn: '2027-11-22',
      premium: offer.premium,
      commission: { rateBps: 1_500, amount: rub(shareOf(offer.premium.amountMinor, 1_500)) },
      partner: { id: 'alfa', commission: { rateBps: 500, amount: rub(shareOf(offer.premium.amountMinor, 500)) } },
    });
  });

  test('nothing of the holder is in the outbox, the log or the token', async () => {
    const offer = await cheapest();
    await issue(requestFor(offer.token));
    const said = JSON.stringify([await outboxRows(), core.logged, offer]);
    for (const value of Object.values(HOLDER)) expect(said).not.toContain(value);
    const [row] = await core.admin`select holder from core.policies`;
    expect(row?.['holder']).toEqual(HOLDER);
  });

  test('D9 the commission is that of the tariff version that was sold, also when a newer one came since', async () => {
    const offer = await cheapest();
    await core.consume(tariff('volga', { version: 2, commissionRateBps: 3_000, baseMinor: 700_000 }));
    const { policy } = await issue(requestFor(offer.token));
    expect([policy.tariffVersion, policy.premium]).toEqual([1, offer.premium]);
    const [row] = await outboxRows();
    expect(eventOf(row ?? {}).data.commission.rateBps).toBe(1_500);
  });

  test('S3.2 no policy remains when its event cannot be written', async () => {
    const { token } = await cheapest();
    await core.admin`alter table core.outbox add constraint broken check (key is null)`;
    await expect(issue(requestFor(token))).rejects.toThrow(/broken/);
    expect(await written()).toEqual({ policies: 0, events: 0 });
    await core.admin`alter table core.outbox drop constraint broken`;
    expect((await issue(requestFor(token))).replayed).toBe(false);
  });
});

describe('the same Idempotency-Key', () => {
  test('S3.2 a repeat gets the first answer byte for byte, and writes nothing', async () => {
    const { token } = await cheapest();
    const first = await issue(requestFor(token));
    core.advance(MINUTE_MS);
    // Terms that changed since are of no account.
    const again = await issue(requestFor(token), { by: { ...ALFA, commissionRateBps: 900 } });
    expect(again.replayed).toBe(true);
    expect(JSON.stringify(again.policy)).toBe(JSON.stringify(first.policy));
    expect(await written()).toEqual({ policies: 1, events: 1 });
  });

  test.each<[string, Partial<Request>]>([
    ['another holder', { holder: { ...HOLDER, phone: '+79990001123' } }],
    ['another day', { startsOn: '2026-11-24' }],
    ['an offer that cannot be read', { offer: 'junk' }],
  ])('with %s is refused with idempotency-key-reused, and writes nothing', async (_what, changes) => {
    const { token } = await cheapest();
    await issue(requestFor(token));
    await expect(issue(requestFor(token, changes))).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
    expect(await written()).toEqual({ policies: 1, events: 1 });
  });

  test('of another partner is another key', async () => {
    const { token } = await cheapest();
    const alfas = await issue(requestFor(token));
    const betas = await issue(requestFor(token), { by: BETA });
    expect(betas.replayed).toBe(false);
    expect(betas.policy.id).not.toBe(alfas.policy.id);
    expect(await written()).toEqual({ policies: 2, events: 2 });
  });

  test('gets the first answer after the offer has expired', async () => {
    const { token } = await cheapest();
    const first = await issue(requestFor(token));
    core.advance(24 * 60 * MINUTE_MS);
    expect(await issue(requestFor(token))).toEqual({ policy: first.policy, replayed: true });
  });

  test('gets the first answer after the key that signed the offer was retired', async () => {
    const { token } = await cheapest();
    const first = await issue(requestFor(token));
    const offerKeys = createKeyRing([{ kid: 'k3', key: new Uint8Array(32).fill(3) }]);
    expect(await issue(requestFor(token), { ctx: { ...core.ctx, offerKeys } })).toEqual({
      policy: first.policy,
      replayed: true,
    });
  });

  test('30 times at once makes one policy, and all get the same answer', async () => {
    const { token } = await cheapest();
    const answers = await Promise.all(Array.from({ length: 30 }, () => issue(requestFor(token))));
    expect(new Set(answers.map(({ policy }) => JSON.stringify(policy))).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await written()).toEqual({ policies: 1, events: 1 });
  });

  test('30 keys at once make 30 policies, each with a number and an event of its own', async () => {
    const { token } = await cheapest();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => issue(requestFor(token), { key: `key-at-once-${n}` })),
    );
    expect(new Set(answers.map(({ policy }) => policy.number)).size).toBe(30);
    expect(new Set((await outboxRows()).map((row) => row['aggregate_id']))).toEqual(
      new Set(answers.map(({ policy }) => policy.id)),
    );
    expect(await written()).toEqual({ policies: 30, events: 30 });
  });
});

describe('a refusal writes nothing', () => {
  const refused = async (request: Request, problem: object) => {
    await expect(issue(request)).rejects.toMatchObject(problem);
    expect(await written()).toEqual({ policies: 0, events: 0 });
  };
  const claimsOf = (token: string) =>
    JSON.parse(new TextDecoder().decode(base64url.decode(token.split('.')[1] ?? ''))) as Record<string, unknown>;
  const signed = (claims: object, kid: string, key: CryptoKey | Uint8Array) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(key);

  test('D7 an expired offer: offer-expired, with where the same risk is quoted anew', async () => {
    const offer = await cheapest();
    core.clock.at = new Date(offer.expiresAt);
    const fresh = { quote: expect.stringMatching(/^\/v1\/quotes\/osago\?category=B&/) };
    await refused(requestFor(offer.token), { slug: 'offer-expired', extras: fresh });
    const { extras } = await issue(requestFor(offer.token)).catch((error) => error);
    const again = requestQuote(core.ctx, {
      product: 'osago',
      query: new URL(extras.quote, 'http://msk').searchParams,
    });
    expect(again.offers[0]?.premium).toEqual(offer.premium);
  });

  test('D7 a price edited by the client: offer-invalid', async () => {
    const [head, body, signature] = (await cheapest()).token.split('.');
    const claims = claimsOf(`${head}.${body}.`);
    const edited = base64url.encode(JSON.stringify({ ...claims, premiumMinor: 1 }));
    await refused(requestFor(`${head}.${edited}.${signature}`), { slug: 'offer-invalid' });
  });

  test('D7 a price signed with a key of one who knows the kid, and one without any signature: offer-invalid', async () => {
    const claims = { ...claimsOf((await cheapest()).token), premiumMinor: 1 };
    const forged = await signed(claims, 'k2', new Uint8Array(32));
    await refused(requestFor(forged), { slug: 'offer-invalid' });
    const none = `${base64url.encode(JSON.stringify({ alg: 'none', kid: 'k2' }))}.${forged.split('.')[1]}.`;
    await refused(requestFor(none), { slug: 'offer-invalid' });
  });

  test.each(['junk', '..', 'a.b.c', 'e30.e30.e30', '€.€.€', ' '])('D7 the offer "%s": offer-invalid', async (offer) => {
    await refused(requestFor(offer), { slug: 'offer-invalid' });
  });

  test('D7 an offer signed with a key that is not in use: offer-invalid', async () => {
    const offer = await signed(claimsOf((await cheapest()).token), 'k9', new Uint8Array(32).fill(9));
    await refused(requestFor(offer), { slug: 'offer-invalid' });
  });

  test('D7 S1 an offer of another region: wrong-region, with its home, or without when it is not known', async () => {
    const claims = claimsOf((await cheapest()).token);
    const foreign = (region: string) => signed({ ...claims, region }, 'k2', new Uint8Array(32).fill(9));
    await refused(requestFor(await foreign('nsk')), { slug: 'wrong-region', extras: { home: 'https://nsk.example' } });
    await refused(requestFor(await foreign('elsewher')), { slug: 'wrong-region', extras: {} });
  });

  test.each<[string, Partial<Request>, string[]]>([
    ['startsOn', { startsOn: '2026-11-24' }, ['startsOn']],
    ['birthDate today', { holder: { ...HOLDER, birthDate: '2026-11-22' } }, ['holder.birthDate']],
    ['birthDate of the century before last', { holder: { ...HOLDER, birthDate: '1899-12-31' } }, ['holder.birthDate']],
    [
      'both',
      { startsOn: '2026-11-22', holder: { ...HOLDER, birthDate: '2030-01-01' } },
      ['startsOn', 'holder.birthDate'],
    ],
  ])('a wrong %s: invalid-request naming the field', async (_what, changes, fields) => {
    const { token } = await cheapest();
    const errors = fields.map((field) => expect.objectContaining({ field }));
    await refused(requestFor(token, changes), { slug: 'invalid-request', extras: { errors } });
  });
});

test("findPolicy does not find another partner's policy", async () => {
  const { policy } = await issue(requestFor((await cheapest()).token));
  await expect(findPolicy(core.ctx, 'beta', policy.id)).rejects.toMatchObject({ slug: 'not-found' });
});
