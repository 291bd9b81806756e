import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { pgSchema, text, timestamp } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import { Hono } from 'hono';
import { base64url, compactVerify } from 'jose';
import postgres from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { HOP_HEADER, HopClaims } from '#contracts/hop.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { IssueRequest } from '#contracts/policy.ts';
import { POLICIES } from '#contracts/topics.ts';
import { outboxRow } from '#platform/outbox/append.ts';
import { OfferClaims } from '../../../core/offers/offer-claims.ts';
import { outbox } from '../../../core/outbox/table.ts';
import { partners } from '../../../core/partners/table.ts';
import { lastDay } from '../../../core/policies/last-day.ts';
import { policies } from '../../../core/policies/table.ts';
import { createTakeNumber } from '../../../core/policies/take-number.ts';

/** A table of its own for keys that were used, as is usual; made by the stand. */
const used = pgSchema('core').table('used_keys', {
  partnerId: text('partner_id').notNull(),
  idempotencyKey: text('idempotency_key').notNull(),
  bodyDigest: text('body_digest').notNull(),
  policyId: text('policy_id').notNull(),
  usedAt: timestamp('used_at', { withTimezone: true, mode: 'string' }).notNull(),
});

interface Keys {
  readonly databaseUrl: string;
  readonly hopKey: Uint8Array;
  readonly offerKey: Uint8Array;
}

const read = async (token: string, key: Uint8Array) => {
  const { payload } = await compactVerify(token, key, { algorithms: ['HS256'] });
  return JSON.parse(new TextDecoder().decode(payload)) as unknown;
};

/**
 * The same sale written the usual way: the same checks by jose and zod, then one Drizzle transaction of a select and three
 * inserts, over as many connections. Nothing else: no log, no metrics, no trace, no commission to look up, no replay.
 */
export function createNaiveApp({ databaseUrl, hopKey, offerKey }: Keys): Hono {
  const sql = postgres(databaseUrl, { max: 8 });
  const db = drizzle(sql);
  const takeNumber = createTakeNumber(sql, 'msk');
  return new Hono().post('/v1/policies', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const hop = HopClaims.parse(await read(c.req.header(HOP_HEADER) ?? '', hopKey));
    const digest = createHash('sha256').update(body).digest();
    if (hop.bodyDigest !== base64url.encode(digest) || hop.path !== c.req.path) return c.text('', 401);
    const request = IssueRequest.parse(JSON.parse(new TextDecoder().decode(body)));
    const offer = OfferClaims.parse(await read(request.offer, offerKey));
    const issuedAt = new Date();
    const number = await takeNumber();
    const idempotencyKey = c.req.header('idempotency-key') ?? '';
    const policy = await db.transaction(async (tx) => {
      const [partner] = await tx
        .select()
        .from(partners)
        .where(eq(partners.id, hop.partner ?? ''));
      if (!partner) throw new Error('no such partner');
      const row = {
        id: `msk-${uuidv7()}`,
        number,
        partnerId: partner.id,
        idempotencyKey,
        bodyDigest: digest.toString('hex'),
        status: 'issued' as const,
        insurer: offer.insurer,
        product: offer.product,
        tariffVersion: offer.tariffVersion,
        premiumMinor: offer.premiumMinor,
        partnerCommissionMinor: shareOf(offer.premiumMinor, partner.commissionRateBps),
        risk: offer.risk,
        holder: request.holder,
        startsOn: request.startsOn,
        endsOn: lastDay(offer),
        issuedAt: issuedAt.toISOString(),
      };
      await tx.insert(policies).values(row);
      const { holder: _, risk: __, ...data } = row;
      const event = { type: 'policy.issued.v1', aggregateId: row.id, aggregateVersion: 1, occurredAt: issuedAt, data };
      await tx.insert(outbox).values(outboxRow(POLICIES, event));
      const { partnerId, bodyDigest, id: policyId, issuedAt: usedAt } = row;
      await tx.insert(used).values({ partnerId, idempotencyKey, bodyDigest, policyId, usedAt });
      return row;
    });
    const { id, status, insurer, product, premiumMinor, startsOn, endsOn } = policy;
    return c.json({ id, number, status, insurer, product, premium: rub(premiumMinor), startsOn, endsOn }, 201);
  });
}
