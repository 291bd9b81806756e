import type { EventEnvelope } from '#contracts/events.ts';
import type { Evidence } from './evidence.ts';

/** The part of an event's data that moves money. */
interface Moving {
  readonly insurer: string;
  readonly premium: { readonly amountMinor: number };
  readonly refund?: { readonly amountMinor: number };
  readonly commission: { readonly amount: { readonly amountMinor: number } };
  readonly partner: { readonly id: string; readonly commission: { readonly amount: { readonly amountMinor: number } } };
}

/**
 * The books sum up to nothing; accounts are the sums of their postings, and what the events say, each counted once; and
 * premiums and refunds are those of the policies themselves.
 */
export function findKopecks({ topic, sold, posted, balances }: Evidence): string[] {
  const kopecks: string[] = [];
  const total = [...posted.values()].reduce((sum, amount) => sum + amount, 0n);
  if (total !== 0n) kopecks.push(`the ledger sums up to ${total} kopecks`);
  kopecks.push(...differences('accounts', balances, posted));
  kopecks.push(...differences('postings', posted, expected(topic.flat())));
  const paid = sold.reduce((sum, { premiumMinor, refundMinor }) => sum + BigInt(premiumMinor - (refundMinor ?? 0)), 0n);
  const cleared = posted.get('clearing:premiums') ?? 0n;
  if (cleared !== paid) kopecks.push(`buyers paid ${paid} kopecks, the ledger has ${cleared}`);
  return kopecks;
}

function differences(place: string, found: ReadonlyMap<string, bigint>, wanted: ReadonlyMap<string, bigint>): string[] {
  return [...new Set([...found.keys(), ...wanted.keys()])]
    .filter((account) => (found.get(account) ?? 0n) !== (wanted.get(account) ?? 0n))
    .map((account) => `${place}: ${account} is ${found.get(account) ?? 0n} and not ${wanted.get(account) ?? 0n}`);
}

/** What the accounts come to by the events, written down here once more, on purpose not by the code of the ledger. */
function expected(events: readonly EventEnvelope[]): Map<string, bigint> {
  const accounts = new Map<string, bigint>();
  const add = (account: string, amount: bigint) => accounts.set(account, (accounts.get(account) ?? 0n) + amount);
  const seen = new Set<string>();
  for (const { eventId, type, data } of events) {
    if (seen.has(eventId) || (type !== 'policy.issued.v1' && type !== 'policy.cancelled.v1')) continue;
    seen.add(eventId);
    const { insurer, premium, refund, commission, partner } = data as Moving;
    const sign = type === 'policy.issued.v1' ? 1n : -1n;
    const paid = sign * BigInt((refund ?? premium).amountMinor);
    const earned = sign * BigInt(commission.amount.amountMinor);
    const passedOn = sign * BigInt(partner.commission.amount.amountMinor);
    add('clearing:premiums', paid);
    add(`insurer:${insurer}:payable`, earned - paid);
    add(`income:commission:${insurer}`, -earned);
    add('expense:partner-commission', passedOn);
    add(`partner:${partner.id}:payable`, -passedOn);
  }
  return accounts;
}
