import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Money } from '#contracts/money.ts';
import type { Holder } from '#contracts/policy.ts';
import { Quote } from '#contracts/quote.ts';
import { createTestCore, HOLDER, NOW, partner, query, type TestCore, tariff } from '../core.testing.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
  await core.addPartner(partner('beta'));
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox`;
  core.clock.at = new Date(NOW);
});
afterAll(() => core[Symbol.asyncDispose]());

interface Body {
  readonly offer: string;
  readonly holder: Holder;
  readonly startsOn: string;
  /** No field of the contract: what a client would like to pay. */
  readonly premium?: Money;
}

interface Purchase {
  readonly by: string;
  readonly key: string;
  readonly body: Body;
}

/** Sells a policy: the answer, or a rejection. */
type Sell = (purchase: Purchase) => Promise<unknown>;

/** As edge forwards it. */
const ours: Sell = async ({ by, key, body }) => {
  const headers = { 'idempotency-key': key };
  const answer = await core.call('/v1/policies', { method: 'POST', by, body: JSON.stringify(body), headers });
  if (answer.status !== 201) throw new Error(`Refused with ${answer.status}`);
  return answer.json();
};

async function offered() {
  const quote = Quote.parse(await (await core.call(`/v1/quotes/osago?${query()}`)).json());
  const [offer] = quote.offers;
  if (!offer) throw new Error('An offer was expected');
  return offer;
}

const bodyFor = (offer: string, fullName = HOLDER.fullName): Body => ({
  offer,
  holder: { ...HOLDER, fullName },
  startsOn: '2026-11-23',
});

type Claims = { premiumMinor: number; insurer: string };
const partOf = (token: string) => token.split('.')[1] ?? '';
/** Reads an offer and believes it. */
const claimsOf = (token: string) => JSON.parse(Buffer.from(partOf(token), 'base64url').toString()) as Claims;

/** The offer with another price, under the signature of the first. */
function edited(token: string, premiumMinor: number): string {
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(token), premiumMinor })).toString('base64url');
  return token.replace(partOf(token), payload);
}

/** Inserts a policy as it is told to, into the product's own table with its unique keys. */
async function insertNaively({ by, key, body }: Purchase, premiumMinor: number) {
  const { insurer } = claimsOf(body.offer);
  const id = `msk-${randomUUID()}`;
  await core.admin`
    insert into core.policies (id, number, partner_id, idempotency_key, body_digest, status, insurer, product,
      tariff_version, premium_minor, partner_commission_minor, risk, holder, starts_on, ends_on, issued_at)
    values (${id}, ${id}, ${by}, ${key}, '', 'issued', ${insurer}, 'osago', 1, ${premiumMinor}, 0, '{}',
      ${JSON.stringify(body.holder)}::text::jsonb, ${body.startsOn}, '2027-11-22', ${NOW})`;
  return { id, holder: body.holder.fullName, premiumMinor };
}

/** LAW: a command that is repeated, also after its offer has expired, gets the first answer. */
async function answersTheFirstAgain(sell: Sell): Promise<void> {
  const purchase = { by: 'alfa', key: 'key-of-one-purchase', body: bodyFor((await offered()).token) };
  const first = await sell(purchase);
  for (const laterMs of [0, 60 * 60_000]) {
    core.advance(laterMs);
    const again = await sell(purchase).catch((error: unknown) => error);
    expect(again, 'a repeat did not get the first answer').toEqual(first);
  }
}

/** LAW: whatever a client says of the price, a policy costs what was offered. */
async function sellsAtTheOfferedPrice(sell: Sell): Promise<void> {
  const { token, premium } = await offered();
  const wishes = [{ ...bodyFor(token), premium: { ...premium, amountMinor: 1 } }, bodyFor(edited(token, 1))];
  for (const body of wishes) {
    await sell({ by: 'alfa', key: `key-${randomUUID()}`, body }).catch(() => 'refused');
  }
  await sell({ by: 'alfa', key: `key-${randomUUID()}`, body: bodyFor(token) });
  const prices = await core.admin`select distinct premium_minor::int as minor from core.policies`;
  expect(
    prices.map((row) => row['minor']),
    'a policy was sold at the price of the client',
  ).toEqual([premium.amountMinor]);
}

/** LAW: buyers of one cached offer each get a policy of their own, and nothing of another's. */
async function sellsToEachBuyer(sell: Sell): Promise<void> {
  const { token } = await offered();
  const buyers = [
    { by: 'alfa', key: 'key-of-the-first', body: bodyFor(token, 'First Buyer') },
    { by: 'beta', key: 'key-of-the-second', body: bodyFor(token, 'Second Buyer') },
    { by: 'alfa', key: 'key-of-the-third', body: bodyFor(token, 'Third Buyer') },
  ];
  const answers: unknown[] = [];
  for (const buyer of buyers) answers.push(await sell(buyer));
  const sold = await core.admin`select id, partner_id, holder->>'fullName' as holder from core.policies`;
  const expected = buyers.map(({ by, body }) => `${by} ${body.holder.fullName}`);
  expect(sold.map((row) => `${row['partner_id']} ${row['holder']}`).sort(), 'buyers shared a policy').toEqual(
    expected.sort(),
  );
  for (const [place, answer] of answers.entries()) {
    const name = buyers[place]?.body.holder.fullName;
    for (const row of sold.filter((policy) => policy['holder'] !== name)) {
      expect(JSON.stringify(answer), "one buyer's answer tells of another").not.toMatch(
        `${row['id']}|${row['holder']}`,
      );
    }
  }
}

const believing: Sell = (purchase) => insertNaively(purchase, claimsOf(purchase.body.offer).premiumMinor);

describe('F3 a repeated command that throws instead of giving the first answer', () => {
  test('D2 S3.2 issuing keeps the law', () => answersTheFirstAgain(ours));
  test('D2 S3.2 issuing that leaves a repeat to the unique key is caught', async () => {
    await expect(answersTheFirstAgain(believing)).rejects.toThrow('a repeat did not get the first answer');
  });
});

describe('F10 the price taken from the client', () => {
  const sold = 'a policy was sold at the price of the client';

  test('D7 issuing keeps the law', () => sellsAtTheOfferedPrice(ours));
  test('D7 issuing at a price in the body is caught', async () => {
    const faulty: Sell = async (purchase) => {
      const { premium, offer } = purchase.body;
      if (claimsOf(offer).premiumMinor === 1) throw new Error('Refused: the signature is looked at');
      return insertNaively(purchase, premium?.amountMinor ?? claimsOf(offer).premiumMinor);
    };
    await expect(sellsAtTheOfferedPrice(faulty)).rejects.toThrow(sold);
  });
  test('D7 issuing at the price of an offer whose signature nobody looks at is caught', async () => {
    await expect(sellsAtTheOfferedPrice(believing)).rejects.toThrow(sold);
  });
});

describe('F11 a cached quote that gives one quote id to two clients', () => {
  /** A purchase is known by its quote: who comes with a quote that was bought gets what was bought. */
  const byQuote: Sell = async (purchase) => {
    const quoteId = createHash('sha256').update(purchase.body.offer).digest('hex');
    const [earlier] = await core.admin`
      select id, holder->>'fullName' as holder from core.policies where idempotency_key = ${quoteId}`;
    return earlier ?? believing({ ...purchase, key: quoteId });
  };

  test('D7 R4 issuing keeps the law: two buyers of one cached offer get two policies', () => sellsToEachBuyer(ours));
  test('D7 R4 issuing that knows a purchase by its quote is caught', async () => {
    await expect(sellsToEachBuyer(byQuote)).rejects.toThrow('buyers shared a policy');
  });
});
