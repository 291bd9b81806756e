import { v7 as uuidv7 } from 'uuid';
import type { PolicyCancelled, PolicyIssued } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { POLICIES } from '#contracts/topics.ts';
import { outboxRow } from '#platform/outbox/append.ts';
import type { Issue } from '../../../core/policies/issue-statement.ts';

/** A policy to be issued, with all that its cancellation will want to know. */
export interface Sale {
  readonly issue: Issue;
  readonly terms: PolicyIssued;
}

const INSURERS = ['volga', 'ural', 'baikal'] as const;
const PARTNERS = ['alfa', 'beta', 'site'] as const;
const COMMISSION_BPS = 1_500;
const PARTNER_COMMISSION_BPS = 700;
/** One rouble to ten million. */
const MOST_PREMIUM_MINOR = 1_000_000_000;
const HOLDER = { fullName: 'Anna Ivanova', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' };

export function newSale({ random, number }: { random: () => number; number: string }): Sale {
  const issuedAt = new Date();
  const id = `msk-${uuidv7({ msecs: issuedAt.getTime() })}`;
  const premiumMinor = 100 + Math.floor(random() * MOST_PREMIUM_MINOR);
  const terms: PolicyIssued = {
    policyId: id,
    number,
    insurer: INSURERS[Math.floor(random() * INSURERS.length)] ?? 'volga',
    product: 'travel',
    tariffVersion: 1,
    issuedAt: issuedAt.toISOString(),
    startsOn: '2026-12-01',
    endsOn: '2027-11-30',
    premium: rub(premiumMinor),
    commission: { rateBps: COMMISSION_BPS, amount: rub(shareOf(premiumMinor, COMMISSION_BPS)) },
    partner: {
      id: PARTNERS[Math.floor(random() * PARTNERS.length)] ?? 'site',
      commission: { rateBps: PARTNER_COMMISSION_BPS, amount: rub(shareOf(premiumMinor, PARTNER_COMMISSION_BPS)) },
    },
  };
  const event = outboxRow(POLICIES, {
    type: 'policy.issued.v1',
    aggregateId: id,
    aggregateVersion: 1,
    occurredAt: issuedAt,
    data: terms,
  });
  return { issue: { policy: policyOf(terms), event }, terms };
}

function policyOf(terms: PolicyIssued): Issue['policy'] {
  return {
    id: terms.policyId,
    number: terms.number,
    partnerId: terms.partner.id,
    idempotencyKey: terms.policyId,
    bodyDigest: terms.policyId,
    status: 'issued',
    insurer: terms.insurer,
    product: terms.product,
    tariffVersion: terms.tariffVersion,
    premiumMinor: terms.premium.amountMinor,
    partnerCommissionMinor: terms.partner.commission.amount.amountMinor,
    commissionRateBps: terms.commission.rateBps,
    partnerCommissionRateBps: terms.partner.commission.rateBps,
    risk: { territory: 'schengen', travellers: '35', days: 14 } as unknown as Issue['policy']['risk'],
    holder: HOLDER,
    startsOn: terms.startsOn,
    endsOn: terms.endsOn,
    issuedAt: terms.issuedAt,
  };
}

/** What a cancellation now gives back: a share of the premium, 0 to 10,000 basis points, and of each commission. */
export function cancelledTerms(terms: PolicyIssued, shareBps: number): PolicyCancelled {
  const { premium, commission, partner } = terms;
  const partOf = ({ amount, rateBps }: PolicyIssued['commission']) => ({
    rateBps,
    amount: rub(shareOf(amount.amountMinor, shareBps)),
  });
  return {
    ...terms,
    cancelledAt: new Date().toISOString(),
    premium,
    refund: rub(shareOf(premium.amountMinor, shareBps)),
    commission: partOf(commission),
    partner: { id: partner.id, commission: partOf(partner.commission) },
  };
}
