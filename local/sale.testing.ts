import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Policy } from '#contracts/policy.ts';
import type { Quote } from '#contracts/quote.ts';
import type { Register } from '#contracts/register.ts';
import { DEMO_RISK } from './load-demo.ts';
import type { DemoRegion } from './read-demo.ts';

/** Canaries: none of these may be found outside core's database. */
export const HOLDER = {
  fullName: 'Пётр Каноничный',
  birthDate: '1985-03-02',
  phone: '+79990001122',
  email: 'canary@example.com',
};

/** A quote of the demo's risk. */
export async function quote(region: DemoRegion, key?: string): Promise<Quote> {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  const answer = await fetch(`${region.edge}/v1/quotes/osago?${DEMO_RISK}`, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Quote;
}

/** Buys an offer; the answer as it came. */
export function issue(
  region: DemoRegion,
  options: { key: string; offer: string; startsOn: string; idempotencyKey?: string },
) {
  return fetch(`${region.edge}/v1/policies`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.key}`,
      'content-type': 'application/json',
      'idempotency-key': options.idempotencyKey ?? randomUUID(),
    },
    body: JSON.stringify({ offer: options.offer, holder: HOLDER, startsOn: options.startsOn }),
  });
}

/** Quotes and buys the cheapest. */
export async function sell(
  region: DemoRegion,
  key: string,
): Promise<{ policy: Policy; offer: string; startsOn: string }> {
  const { offers, risk } = await quote(region, key);
  const offer = offers[0]?.token ?? '';
  const answer = await issue(region, { key, offer, startsOn: risk.startsOn });
  expect(answer.status).toBe(201);
  return { policy: (await answer.json()) as Policy, offer, startsOn: risk.startsOn };
}

/** The line of a policy in its insurer's register, as soon as it is there. */
export async function registered(
  region: DemoRegion,
  policy: Policy,
  operator: string,
): Promise<Register['lines'][number]> {
  const period = new Date(Date.parse(policy.issuedAt) + 3 * 3_600_000).toISOString().slice(0, 7);
  const url = `${region.settlement}/v1/registers/${policy.insurer}/${period}`;
  return await expect
    .poll(
      async () => {
        const answer = await fetch(url, { headers: { authorization: `Bearer ${operator}` } });
        const register = answer.ok ? ((await answer.json()) as Register) : undefined;
        return register?.lines.find((line) => line.policyNumber === policy.number);
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBeDefined()
    .then(async () => {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${operator}` } });
      const { lines } = (await answer.json()) as Register;
      return lines.find((line) => line.policyNumber === policy.number) as Register['lines'][number];
    });
}
