import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { ROUNDS } from '../rounds.ts';
import { relayOn } from './drain.ts';
import { append, type Stand } from './stand.ts';

const EVENTS = 5_000;
const PER_SECOND = 500;

/** From an event's commit until a consumer has it, ms: the middle and the 99th percentile of one run. */
interface Waited {
  readonly p50: number;
  readonly p99: number;
}

/** What is done with an event once it is committed. */
type Tell = (event: { id: string; key: string }) => Promise<void> | void;

/** Events at an even pace, whatever becomes of the ones before: by the relay, and sent bare by the writer after its commit. */
export async function latency(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await using events = await stand.connect('bench-latency');
  const arrived = new Map<string, (at: number) => void>();
  await using _reader = await events.subscribe(POLICIES, 'ins-comp-settlement', async ({ messages }) => {
    const at = performance.now();
    for (const { value } of messages) arrived.get(JSON.parse(value).eventId)?.(at);
  });
  const bare = async () => {
    await settle(stand, { arrived, tell: sendBare(events) });
    return run(stand, { arrived, tell: sendBare(events) });
  };
  const relayed = async () => {
    const { relay } = relayOn(stand, events.publish);
    try {
      await settle(stand, { arrived, tell: () => relay.poke() });
      return await run(stand, { arrived, tell: ({ key }) => relay.poke(partitionOf(key, POLICIES.partitions)) });
    } finally {
      await relay[Symbol.asyncDispose]();
    }
  };
  const found = await interleave(ctx, {
    what: `outbox: ${PER_SECOND} events a second`,
    rounds: ROUNDS,
    states: { bare, relayed, again: bare },
  });
  return (['p50', 'p99'] as const).flatMap((of) => {
    const control = `A/A: ${of}, bare / bare`;
    const { figure, ratio } = measured({ control, gate: 'every event arrives' });
    const ms = (state: keyof typeof found) => found[state].map((waited) => waited[of]);
    return [
      figure(`commit to consumed, sent bare: ${of}`, 'ms', ms('bare')),
      figure(`commit to consumed, by the relay: ${of}`, 'ms', ms('relayed')),
      ratio(`${of}, relay / bare`, ms('relayed'), ms('bare')),
      ratio(control, ms('again'), ms('bare')),
    ];
  });
}

type Arrivals = Map<string, (at: number) => void>;

/** Commits `EVENTS` rows, tells of each, and waits until all have arrived. */
async function run(stand: Stand, { arrived, tell }: { arrived: Arrivals; tell: Tell }): Promise<Waited> {
  const waits: Promise<number>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < EVENTS; index += 1) {
    await timer(Math.max(0, startedAt + (index * 1_000) / PER_SECOND - performance.now()));
    waits.push(one(stand, { arrived, tell }));
  }
  const waited = await Promise.all(waits);
  return { p50: percentile(waited, 0.5), p99: percentile(waited, 0.99) };
}

async function one(stand: Stand, { arrived, tell }: { arrived: Arrivals; tell: Tell }): Promise<number> {
  const id = randomUUID();
  const key = `msk-${id}`;
  const { promise, resolve } = Promise.withResolvers<number>();
  arrived.set(id, resolve);
  await stand.sql`
    insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    values (${partitionOf(key, POLICIES.partitions)}, ${key}, ${id}, ${key}, 1, 'policy.issued.v1', now(), '{}')`;
  const committedAt = performance.now();
  await tell({ id, key });
  const at = await promise;
  arrived.delete(id);
  return at - committedAt;
}

/** The writer sends by itself: no order, no number, and lost if it dies first. */
function sendBare(events: EventTransport): Tell {
  const never = new AbortController().signal;
  return ({ id, key }) => {
    const value = JSON.stringify({ eventId: id, key });
    return events.publish(POLICIES, [{ partition: partitionOf(key, POLICIES.partitions), key, value }], never);
  };
}

/** What other runs left in the outbox is sent, and the reader reads, before anything is measured. */
async function settle(stand: Stand, { arrived, tell }: { arrived: Arrivals; tell: Tell }): Promise<void> {
  await append(stand.admin, 1);
  await one(stand, { arrived, tell });
}
