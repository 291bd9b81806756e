import type { PolicyEvent } from '#contracts/events.ts';

/** 10 billion roubles: nine thousand such policies still sum up below 2^53. */
const MAX_PREMIUM_MINOR = 1_000_000_000_000;
/** Of Postgres `integer`. */
const MAX_VERSION = 2_147_483_647;
/** Printable, of any script, and short enough for an index. */
const POLICY_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N} ./_-]{0,63}$/u;
const PLAUSIBLE_YEAR = /^20\d\d-/;

/**
 * What the schema lets through and the books cannot take, as a sentence; undefined when the event is bookable. Anything
 * that a column would refuse must be named here: refused by the database, it would stop the partition for good.
 */
export const checkEvent = (event: PolicyEvent): string | undefined =>
  commonFault(event) ?? shareFault(event) ?? timeFault(event);

function commonFault({ aggregateId, data }: PolicyEvent): string | undefined {
  const premiumMinor = data.premium.amountMinor;
  if (data.policyId !== aggregateId) return 'data.policyId is not the aggregate';
  if (!POLICY_NUMBER.test(data.number)) return 'data.number is not a printable number of at most 64 characters';
  if (premiumMinor <= 0 || premiumMinor > MAX_PREMIUM_MINOR)
    return `data.premium is not from 1 to ${MAX_PREMIUM_MINOR} kopecks`;
  if (data.tariffVersion > MAX_VERSION) return `data.tariffVersion is over ${MAX_VERSION}`;
  if (data.startsOn > data.endsOn) return 'data.endsOn is before data.startsOn';
  return undefined;
}

/** Commissions are parts of what was paid; what moves back of them is no more than what moves back. */
function shareFault({ type, data }: PolicyEvent): string | undefined {
  const isIssue = type === 'policy.issued.v1';
  const paidMinor = (isIssue ? data.premium : data.refund).amountMinor;
  const whole = isIssue ? 'the premium' : 'the refund';
  if (!isWithin(paidMinor, data.premium.amountMinor)) return 'data.refund is not from nothing to the premium';
  if (!isWithin(data.commission.amount.amountMinor, paidMinor))
    return `data.commission is not from nothing to ${whole}`;
  if (!isWithin(data.partner.commission.amount.amountMinor, paidMinor))
    return `data.partner.commission is not from nothing to ${whole}`;
  return undefined;
}

const isWithin = (amountMinor: number, mostMinor: number) => amountMinor >= 0 && amountMinor <= mostMinor;

/** Every date and time is of a century that Postgres, `Date` and the calendar of Moscow all know. */
function timeFault({ type, occurredAt, data }: PolicyEvent): string | undefined {
  const isPlausible =
    isOfThisCentury(occurredAt) &&
    isOfThisCentury(data.issuedAt) &&
    isOfThisCentury(data.startsOn) &&
    isOfThisCentury(data.endsOn) &&
    (type !== 'policy.cancelled.v1' || isOfThisCentury(data.cancelledAt));
  return isPlausible ? undefined : 'a date or time is not of this century';
}

const isOfThisCentury = (time: string) => PLAUSIBLE_YEAR.test(time);
