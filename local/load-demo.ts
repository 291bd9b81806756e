import { setTimeout as timer } from 'node:timers/promises';
import type { Partner } from '#contracts/partner.ts';
import type { Products, Quote } from '#contracts/quote.ts';
import { at, type RegionPlan } from './plan.ts';
import { type DemoKeys, digestOf } from './secrets.ts';

/** The demo's partners: requests a second, and basis points of the premium that they earn. */
const PARTNERS = {
  site: { name: 'The own site', limitPerSecond: 1_000, commissionRateBps: 0 },
  alfa: { name: 'Partner Alfa', limitPerSecond: 20, commissionRateBps: 200 },
  beta: { name: 'Partner Beta', limitPerSecond: 20, commissionRateBps: 250 },
} as const;

/** An OSAGO risk that every insurer of the demo takes. */
export const DEMO_RISK = new URLSearchParams({
  category: 'B',
  owner: 'individual',
  use: 'personal',
  subject: 'Москва',
  locality: 'Москва',
  kbm: '3',
  drivers: '35:10',
  powerHp: '110',
}).toString();

/**
 * Sets the demo's partners in a region, through the operator's API as an operator would. Those who have the demo's key are
 * left with the terms that they were given since.
 */
export async function loadPartners(plan: RegionPlan, keys: DemoKeys): Promise<void> {
  for (const [id, terms] of Object.entries(PARTNERS)) {
    const url = `${at(plan.ports.core)}/v1/partners/${id}`;
    const headers = { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' };
    const digest = digestOf(keys[id as keyof typeof PARTNERS]);
    const known = await fetch(url, { headers });
    if (known.ok && ((await known.json()) as Partner).keyDigests.includes(digest)) continue;
    const answer = await fetch(url, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ ...terms, keyDigests: [digest] }),
    });
    if (!answer.ok)
      throw new Error(`${plan.name} did not take demo partner ${id}: ${answer.status} ${await answer.text()}`);
  }
}

const SELLERS_MS = 20_000;

/** Waits until every insurer's OSAGO tariff has come to the region, then asks its edge for a first quote; answers the offers. */
export async function firstQuote(plan: RegionPlan, options: { key: string; insurers: number }): Promise<number> {
  const headers = { authorization: `Bearer ${options.key}` };
  const until = performance.now() + SELLERS_MS;
  while ((await sellers(plan, headers)) < options.insurers) {
    if (performance.now() > until) {
      throw new Error(
        `${plan.name} did not hear of ${options.insurers} insurers within ${SELLERS_MS / 1000} s: see .local/logs`,
      );
    }
    await timer(50);
  }
  const answer = await fetch(`${at(plan.ports.edge)}/v1/quotes/osago?${DEMO_RISK}`, { headers });
  if (!answer.ok) throw new Error(`${plan.name} does not quote: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as Quote).offers.length;
}

async function sellers(plan: RegionPlan, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${at(plan.ports.edge)}/v1/products`, { headers }).catch(() => undefined);
  if (!answer?.ok) return 0;
  const { items } = (await answer.json()) as Products;
  return items.find(({ product }) => product === 'osago')?.insurers.length ?? 0;
}
