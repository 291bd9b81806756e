import type { PolicyEvent } from '#contracts/events.ts';

/** 10 billion roubles: ten thousand such policies still sum up below 2^53. */
const MAX_PREMIUM_MINOR = 1_000_000_000_000;
/** Of Postgres `integer`. */
const MAX_VERSION = 2_147_483_647;
/** Printable, of any script, and short enough for an index. */
const POLICY_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N} ./_-]{0,63}$/u;
const PLAUSIBLE_YEAR = /^20\d\d-/;

type Rule = readonly [holds: boolean, otherwise: string];

/**
 * What the schema lets through and the books cannot take, as a sentence; undefined when the event is bookable. Anything
 * that a column would refuse must be named here: refused by the database, it would stop the partition for good.
 */
export function checkEvent(event: PolicyEvent): string | undefined {
  const rules = [...commonRules(event), ...shareRules(event), ...timeRules(event)];
  return rules.find(([holds]) => !holds)?.[1];
}

function commonRules({ aggregateId, data }: PolicyEvent): Rule[] {
  const premiumMinor = data.premium.amountMinor;
  return [
    [data.policyId === aggregateId, 'data.policyId is not the aggregate'],
    [POLICY_NUMBER.test(data.number), 'data.number is not a printable number of at most 64 characters'],
    [
      premiumMinor > 0 && premiumMinor <= MAX_PREMIUM_MINOR,
      `data.premium is not from 1 to ${MAX_PREMIUM_MINOR} kopecks`,
    ],
    [data.tariffVersion <= MAX_VERSION, `data.tariffVersion is over ${MAX_VERSION}`],
    [data.startsOn <= data.endsOn, 'data.endsOn is before data.startsOn'],
  ];
}

/** Commissions are parts of what was paid; what moves back of them is no more than what moves back. */
function shareRules({ type, data }: PolicyEvent): Rule[] {
  const isIssue = type === 'policy.issued.v1';
  const paidMinor = (isIssue ? data.premium : data.refund).amountMinor;
  const whole = isIssue ? 'the premium' : 'the refund';
  const within = (amountMinor: number, mostMinor: number) => amountMinor >= 0 && amountMinor <= mostMinor;
  return [
    [within(paidMinor, data.premium.amountMinor), 'data.refund is not from nothing to the premium'],
    [within(data.commission.amount.amountMinor, paidMinor), `data.commission is not from nothing to ${whole}`],
    [
      within(data.partner.commission.amount.amountMinor, paidMinor),
      `data.partner.commission is not from nothing to ${whole}`,
    ],
  ];
}

/** Every date and time is of a century that Postgres, `Date` and the calendar of Moscow all know. */
function timeRules({ type, occurredAt, data }: PolicyEvent): Rule[] {
  const times = [occurredAt, data.issuedAt, data.startsOn, data.endsOn];
  if (type === 'policy.cancelled.v1') times.push(data.cancelledAt);
  return times.map(
    (time): Rule => [
      PLAUSIBLE_YEAR.test(time) && !Number.isNaN(Date.parse(time)),
      'a date or time is not of this century',
    ],
  );
}
