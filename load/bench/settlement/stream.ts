import { v7 } from 'uuid';
import type { PolicyEvent, PolicyIssued } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { POLICIES } from '#contracts/topics.ts';
import type { Batch } from '#platform/events/transport.ts';
import { seeded } from '../seeded.ts';
import { addTo, nothing, type Tally } from './tally.ts';

/** The ten of the demo. */
export const INSURERS = ['volga', 'ural', 'kama', 'neva', 'don', 'oka', 'lena', 'amur', 'baikal', 'yenisei'] as const;
export const PARTNERS = 20;
/** The company's share of a premium, and the partner's. */
export const RATES_BPS = { company: 1_500, partner: 500 } as const;

const SEED = 7_204;
const STARTS_AT_MS = Date.parse('2026-11-22T10:00:00.000Z');
/** Between two events of the stream. */
const STEP_MS = 20;
/** One in so many cancels an earlier policy. */
const CANCELLED_EVERY = 10;
/** Policies that may yet be cancelled, of each partition; more would only take memory. */
const MOST_KEPT = 1_000;

/** How much to make: so many partitions, each with so many batches of so many events. */
export interface Amount {
  readonly lanes: number;
  readonly batches: number;
  readonly size: number;
}

/** Batches of each partition, in order, and what they come to. */
export interface Work {
  readonly lanes: readonly (readonly Batch[])[];
  readonly events: number;
  readonly tally: Tally;
}

/** What the relays of a region send: dense in each partition, and the same in every run. */
export interface Stream {
  next(amount: Amount): Work;
}

/** A stream from its beginning. `sold` are policies of before that may be cancelled too. */
export function createStream({ sold = [] }: { sold?: readonly PolicyIssued[] } = {}): Stream {
  const random = seeded(SEED);
  const pools = Array.from({ length: POLICIES.partitions }, (_, partition) =>
    sold.filter((_policy, index) => index % POLICIES.partitions === partition),
  );
  const sequences = pools.map(() => 0);
  let made = 0;
  const chance: Chance = {
    below: (limit) => Math.floor(random() * limit),
    id: (msecs) => v7({ msecs, random: Uint8Array.from({ length: 16 }, () => random() * 256) }),
  };
  const nextEvent = (partition: number): PolicyEvent => {
    made += 1;
    sequences[partition] = (sequences[partition] ?? 0) + 1;
    const place = { partition, sequence: sequences[partition], atMs: STARTS_AT_MS + made * STEP_MS };
    const pool = pools[partition] ?? [];
    const earlier = made % CANCELLED_EVERY === 0 ? takeAny(pool, chance) : undefined;
    if (earlier) return cancelled(earlier, place, chance);
    const event = issued(made, place, chance);
    keep(pool, event.data, chance);
    return event;
  };
  return {
    next({ lanes, batches, size }) {
      const tally = nothing();
      const made = Array.from({ length: lanes }, (_lane, partition) =>
        Array.from({ length: batches }, () => {
          const events = Array.from({ length: size }, () => nextEvent(partition));
          for (const event of events) addTo(tally, event);
          return batchOf(partition, events);
        }),
      );
      return { lanes: made, events: lanes * batches * size, tally };
    },
  };
}

interface Chance {
  readonly below: (limit: number) => number;
  readonly id: (msecs: number) => string;
}

interface At {
  readonly partition: number;
  readonly sequence: number;
  readonly atMs: number;
}

function takeAny(pool: PolicyIssued[], { below }: Chance): PolicyIssued | undefined {
  const at = below(pool.length);
  const taken = pool[at];
  const last = pool.pop();
  if (last && last !== taken) pool[at] = last;
  return taken;
}

function keep(pool: PolicyIssued[], policy: PolicyIssued, { below }: Chance): void {
  if (pool.length < MOST_KEPT) pool.push(policy);
  else pool[below(MOST_KEPT)] = policy;
}

function issued(n: number, at: At, chance: Chance) {
  const policyId = `msk-${chance.id(at.atMs)}`;
  const premiumMinor = 100_000 + chance.below(2_000_000);
  const data: PolicyIssued = {
    policyId,
    number: `MSK-${String(n).padStart(10, '0')}`,
    insurer: INSURERS[chance.below(INSURERS.length)] ?? 'volga',
    product: 'osago',
    tariffVersion: 4,
    issuedAt: new Date(at.atMs).toISOString(),
    startsOn: '2026-12-01',
    endsOn: '2027-11-30',
    premium: rub(premiumMinor),
    ...sharesOf(premiumMinor, `partner-${1 + chance.below(PARTNERS)}`),
  };
  return { ...envelopeOf(policyId, at, chance), type: 'policy.issued.v1' as const, aggregateVersion: 1, data };
}

/** Half of all goes back. */
function cancelled(policy: PolicyIssued, at: At, chance: Chance): PolicyEvent {
  const refundMinor = Math.floor(policy.premium.amountMinor / 2);
  const back = { refund: rub(refundMinor), ...sharesOf(refundMinor, policy.partner.id) };
  const data = { ...policy, cancelledAt: new Date(at.atMs).toISOString(), ...back };
  const envelope = envelopeOf(policy.policyId, at, chance);
  return { ...envelope, type: 'policy.cancelled.v1', aggregateVersion: 2, data };
}

/** The company's commission on an amount, and the partner with theirs. */
export const sharesOf = (amountMinor: number, partner: string) => ({
  commission: { rateBps: RATES_BPS.company, amount: rub(shareOf(amountMinor, RATES_BPS.company)) },
  partner: {
    id: partner,
    commission: { rateBps: RATES_BPS.partner, amount: rub(shareOf(amountMinor, RATES_BPS.partner)) },
  },
});

const envelopeOf = (aggregateId: string, { partition, sequence, atMs }: At, { id }: Chance) => ({
  eventId: id(atMs),
  aggregateId,
  region: 'msk',
  partition,
  epoch: 1,
  sequence,
  occurredAt: new Date(atMs).toISOString(),
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
});

const batchOf = (partition: number, events: readonly PolicyEvent[]): Batch => ({
  topic: POLICIES.name,
  partition,
  messages: events.map((event) => ({ key: event.aggregateId, value: JSON.stringify(event) })),
});

/** The same, sent again by a relay that took over. */
export const underEpoch = (work: Work, epoch: number): Work => ({
  ...work,
  lanes: work.lanes.map((batches) =>
    batches.map((batch) => ({
      ...batch,
      messages: batch.messages.map(({ key, value }) => ({
        key,
        value: value.replace(/"epoch":\d+,/, `"epoch":${epoch},`),
      })),
    })),
  ),
});
