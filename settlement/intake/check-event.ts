import type { PolicyEvent } from '#contracts/events.ts';

/** 10 billion roubles: ten thousand such policies still sum up below 2^53. */
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
export function checkEvent({ aggregateId, occurredAt, data }: PolicyEvent): string | undefined {
  const premiumMinor = data.premium.amountMinor;
  const share = (amountMinor: number) => amountMinor >= 0 && amountMinor <= premiumMinor;
  const rules: [boolean, string][] = [
    [data.policyId === aggregateId, 'data.policyId is not the aggregate'],
    [POLICY_NUMBER.test(data.number), 'data.number is not a printable number of at most 64 characters'],
    [
      premiumMinor > 0 && premiumMinor <= MAX_PREMIUM_MINOR,
      `data.premium is not from 1 to ${MAX_PREMIUM_MINOR} kopecks`,
    ],
    [share(data.commission.amount.amountMinor), 'data.commission is not from nothing to the premium'],
    [share(data.partner.commission.amount.amountMinor), 'data.partner.commission is not from nothing to the premium'],
    [data.tariffVersion <= MAX_VERSION, `data.tariffVersion is over ${MAX_VERSION}`],
    [data.startsOn <= data.endsOn, 'data.endsOn is before data.startsOn'],
    ...[occurredAt, data.issuedAt, data.startsOn, data.endsOn].map((time): [boolean, string] => [
      PLAUSIBLE_YEAR.test(time),
      'a date or time is not of this century',
    ]),
  ];
  return rules.find(([holds]) => !holds)?.[1];
}
