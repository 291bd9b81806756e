import { createHash } from 'node:crypto';
import type { Cancelled, Issued } from './policy.ts';
import { serialOf } from './policy.ts';
import type { Sent } from './stream.ts';

/** What the books must say at the end, worked out by the drill itself while it sends. */
export interface Expected {
  /** By the event's number, the premium that its line of the register adds, kopecks; NaN: it is not to be booked. */
  readonly booked: Float64Array;
  readonly bookedCount: () => number;
  /** Kopecks by account. */
  readonly balances: Map<string, number>;
  /** Dead letters by digest (SHA-256, hex) and reason, `{digest} {reason}`. */
  readonly parked: Map<string, number>;
  readonly reasons: Map<string, number>;
  readonly ways: Set<string>;
  /** How many were malformed, and how many of these said their policy, so that its next event must stand behind them. */
  readonly malformed: { all: number; known: number };
  note(sent: Sent): void;
}

export function expectBooks(events: number): Expected {
  const booked = new Float64Array(events + 1).fill(Number.NaN);
  const [balances, parked, reasons] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const ways = new Set<string>();
  const malformed = { all: 0, known: 0 };
  let count = 0;
  return {
    booked,
    bookedCount: () => count,
    balances,
    parked,
    reasons,
    ways,
    malformed,
    note({ value, fate }) {
      if ('booked' in fate) {
        count += 1;
        booked[serialOf(fate.booked.eventId)] = premiumOf(fate.booked);
        for (const [account, amountMinor] of sidesOf(fate.booked)) add(balances, account, amountMinor);
        return;
      }
      // What comes out of the transport is text, whatever the bytes were.
      const digest = createHash('sha256').update(value.toString()).digest('hex');
      add(parked, `${digest} ${fate.parked}`, 1);
      add(reasons, fate.parked, 1);
      if (!fate.kind) return;
      ways.add(fate.kind.name);
      malformed.all += 1;
      if (fate.kind.isKnown) malformed.known += 1;
    },
  };
}

const add = (sums: Map<string, number>, key: string, by: number) => void sums.set(key, (sums.get(key) ?? 0) + by);

const premiumOf = (event: Issued | Cancelled): number =>
  event.type === 'policy.issued.v1' ? event.data.premium.amountMinor : -event.data.refund.amountMinor;

/** Debit positive: the buyer's money, what goes on to the insurer, what of it the company keeps, and what the partner gets. */
function sidesOf(event: Issued | Cancelled): [account: string, amountMinor: number][] {
  const { insurer, partner, commission } = event.data;
  const sign = event.type === 'policy.issued.v1' ? 1 : -1;
  const premium = premiumOf(event);
  const [company, toPartner] = [sign * commission.amount.amountMinor, sign * partner.commission.amount.amountMinor];
  return [
    ['clearing:premiums', premium],
    [`insurer:${insurer}:payable`, company - premium],
    [`income:commission:${insurer}`, -company],
    ['expense:partner-commission', toPartner],
    [`partner:${partner.id}:payable`, -toPartner],
  ];
}
