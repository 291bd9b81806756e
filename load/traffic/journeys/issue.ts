import type { Policy } from '#contracts/policy.ts';
import { readAnswer } from './read-answer.ts';
import type { Sent, Step, Trip } from './step.ts';

const HOLDER = {
  fullName: 'Иванова Анна Петровна',
  birthDate: '1990-05-17',
  phone: '+79990000000',
  email: 'anna@insuretech.example',
};

/** Buys the offer; every time the same request. */
export function issueRequest({ key, id, bought }: Trip): Sent | undefined {
  if (!bought) return undefined;
  return {
    method: 'POST',
    path: '/v1/policies',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `${id}-issue`,
    },
    body: JSON.stringify({ offer: bought.offer.token, holder: HOLDER, startsOn: bought.startsOn }),
  };
}

/** Buys the offer: the policy must be of its region, at its price. */
export const ISSUE: Step = {
  kind: 'issue',
  request: issueRequest,
  judge(answer, trip) {
    const { body: policy, fault } = readAnswer<Policy>(answer, 201);
    if (fault !== undefined) return fault;
    const wrong = policyFault(policy, trip);
    if (wrong === undefined) trip.issued = { policy, text: answer.text };
    return wrong;
  },
};

function policyFault({ id, status, insurer, premium }: Policy, { region, bought }: Trip): string | undefined {
  if (!id.startsWith(`${region}-`)) return `policy ${id} is not of region ${region}`;
  if (status !== 'issued') return `policy ${id} is ${status}`;
  const { offer } = bought as NonNullable<Trip['bought']>;
  if (insurer === offer.insurer && premium.amountMinor === offer.premium.amountMinor) return undefined;
  return `policy ${id} is of ${insurer} at ${premium.amountMinor}, not of ${offer.insurer} at ${offer.premium.amountMinor}`;
}
