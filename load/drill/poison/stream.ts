import { POLICIES } from '#contracts/topics.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { ParkReason } from '../../../settlement/intake/read-message.ts';
import { seeded } from '../../bench/seeded.ts';
import { HUGE_KINDS, KINDS, type Kind } from './kinds.ts';
import { type Cancelled, cancelledEvent, type Issued, issuedEvent, type Place, policyIdOf } from './policy.ts';

/** What must become of an event. */
export type Fate =
  | { readonly booked: Issued | Cancelled; readonly isOfPoisoned: boolean }
  | { readonly parked: ParkReason; readonly kind: Kind | undefined };

/** An event on its way. `kind` of a parked one says how it is malformed; without, it is good and stands behind one that is. */
export interface Sent {
  readonly partition: number;
  readonly key: string;
  readonly value: string | Buffer;
  readonly fate: Fate;
}

export interface StreamOptions {
  readonly events: number;
  readonly malformed: number;
  readonly seed: number;
}

/** Of the policies that are sold, so many are cancelled. */
const CANCELLED = 1 / 7;
/** Huge records in a run. */
const HUGE = 5;
/** The first share of the stream has all that is malformed, so that what is to stand behind it comes before the end. */
const SPOILT = 0.9;
/** What follows of a policy follows within this share of the stream. */
const FOLLOWS = 0.02;

type Step = 'issue' | 'cancel' | 'spoil' | 'behind';
/** What is still to happen to a policy. */
interface Plan {
  readonly policy: number;
  readonly steps: readonly Step[];
  readonly kind?: Kind;
}

/** All events of a run, in the order in which they are due; the same for a seed. */
export function* poisonedStream({ events, malformed, seed }: StreamOptions): Generator<Sent, void> {
  const random = seeded(seed);
  const kinds = kindsInTurn(malformed, random);
  const write = createWriter(random);
  const later = new Map<number, Plan[]>();
  const due: Plan[] = [];
  let policies = 0;
  let spoilt = 0;
  for (let at = 0; at < events; at += 1) {
    due.push(...(later.get(at) ?? []));
    later.delete(at);
    const isSpoiltNext = at >= ((spoilt + random()) * events * SPOILT) / malformed;
    const plan = (isSpoiltNext ? spoil() : undefined) ?? due.shift() ?? sell();
    const [step, ...steps] = plan.steps as [Step, ...Step[]];
    yield write(plan, step);
    if (steps.length > 0) after(at, { ...plan, steps });
  }

  function spoil(): Plan | undefined {
    const kind = kinds[spoilt];
    if (!kind) return undefined;
    spoilt += 1;
    policies += 1;
    return { policy: policies, kind, steps: stepsOf(kind) };
  }
  function sell(): Plan {
    policies += 1;
    return { policy: policies, steps: random() < CANCELLED ? ['issue', 'cancel'] : ['issue'] };
  }
  function after(at: number, plan: Plan): void {
    const slot = at + 1 + Math.floor(random() * events * FOLLOWS);
    later.set(slot, [...(later.get(slot) ?? []), plan]);
  }
}

function stepsOf({ after, isKnown }: Kind): Step[] {
  const before: Step[] = {
    nothing: [],
    issue: ['issue' as const],
    cancellation: ['issue' as const, 'cancel' as const],
  }[after];
  return [...before, 'spoil', ...(isKnown ? ['behind' as const] : [])];
}

/** Each way as often as the others, in no order; a few of them huge. */
function kindsInTurn(malformed: number, random: () => number): Kind[] {
  const every = Math.max(1, Math.ceil(malformed / HUGE));
  const kinds: Kind[] = [];
  let turn: Kind[] = [];
  for (let n = 0; n < malformed; n += 1) {
    if (n % every === every - 1) {
      kinds.push(HUGE_KINDS[Math.floor(n / every) % HUGE_KINDS.length] as Kind);
      continue;
    }
    if (turn.length === 0) turn = shuffled(KINDS, random);
    kinds.push(turn.pop() as Kind);
  }
  return kinds;
}

const shuffled = <Value>(values: readonly Value[], random: () => number): Value[] =>
  values
    .map((value) => ({ value, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);

/** Gives each event its number of its partition; one that cannot say it takes one or none. */
function createWriter(random: () => number) {
  const sequences = Array.from({ length: POLICIES.partitions }, () => 0);
  let serial = 0;
  return ({ policy, kind }: Plan, step: Step): Sent => {
    const key = policyIdOf(policy);
    const partition = partitionOf(key, POLICIES.partitions);
    const sequence = (sequences[partition] ?? 0) + 1;
    serial += 1;
    const place: Place = { serial, partition, sequence };
    const takesNone = step === 'spoil' && !kind?.isPlaced && random() < 0.5;
    if (!takesNone) sequences[partition] = sequence;
    if (step === 'spoil' && kind) {
      const event = kind.after === 'nothing' || kind.reason === 'issued-twice' ? issuedEvent : cancelledEvent;
      const value = kind.way({ event: event(policy, place), random });
      return { partition, key, value, fate: { parked: kind.reason, kind } };
    }
    const event = step === 'issue' ? issuedEvent(policy, place) : cancelledEvent(policy, place);
    const value = JSON.stringify(event);
    if (step === 'behind') return { partition, key, value, fate: { parked: 'behind-dead-letter', kind: undefined } };
    return { partition, key, value, fate: { booked: event, isOfPoisoned: kind !== undefined } };
  };
}
