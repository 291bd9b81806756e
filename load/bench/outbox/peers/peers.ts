import type { Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import type { BenchContext, Figure } from '../../bench.ts';
import { measured } from '../../figure.ts';
import { interleave } from '../../interleave.ts';
import { ROUNDS } from '../../rounds.ts';
import { drain, rewind } from '../drain.ts';
import { type Stand, startStand } from '../stand.ts';
import { startDebezium } from './debezium/start-debezium.ts';
import { gatherSends } from './gather-sends.ts';
import { type Judged, judgeSent } from './judge-sent.ts';
import { forgetTopic, readBack } from './read-back.ts';
import { appendVersions } from './rows.ts';
import { dropSlot, renewSlot } from './slots.ts';
import { type Listener, openTransactionalOutbox } from './transactional-outbox.ts';

/** Waiting when each begins. pg-transactional-outbox takes a transaction for each, so it is given fewer. */
const EVENTS = { whole: 120_000, each: 12_000 };

const SLOTS = { debezium: 'bench_debezium', replication: 'bench_replication' } as const;

interface Carried extends Judged {
  readonly perSecond: number;
}

/** Events a second of a backlog that waits in the outbox, by the relay and by what somebody would take in its place. */
export async function peers(ctx: BenchContext): Promise<Figure[]> {
  // All of them on a server that keeps a log for logical decoding, as two of them read nothing else.
  await using stand = await startStand(['wal_level=logical']);
  const { admin, broker, server, folder } = stand;
  await admin`create publication bench_debezium for table core.outbox with (publish = 'insert', publish_via_partition_root)`;
  await using events = await stand.connect('bench-peers');
  const send = gatherSends(events.publish);
  await using debezium = await startDebezium(
    { server, broker, folder, signal: ctx.signal },
    { slot: SLOTS.debezium, publication: SLOTS.debezium },
  );
  const relay = () =>
    carry(stand, {
      count: EVENTS.whole,
      work: async (count) => (await drain(stand, { count, publish: events.publish })).ms / 1_000,
    });
  const states = {
    relay,
    again: relay,
    debezium: () =>
      carry(stand, {
        count: EVENTS.whole,
        slot: SLOTS.debezium,
        work: async (count) => (await debezium.stream(count)) / 1_000,
      }),
    replication: await byTransactionalOutbox(stand, { listener: 'replication', send }),
    polling: await byTransactionalOutbox(stand, { listener: 'polling', send }),
  };
  ctx.say('outbox: peers: warming up');
  for (const state of [states.relay, states.debezium]) await state();
  const found = await interleave(ctx, { what: 'outbox: peers', rounds: ROUNDS, states });
  return figuresOf(found);
}

/** One measurement: the events are committed, carried, read back and judged. */
async function carry(
  { admin, broker }: Stand,
  {
    count,
    slot,
    ready,
    work,
  }: { count: number; slot?: string; ready?: () => Promise<void>; work: (count: number) => Promise<number> },
): Promise<Carried> {
  await admin`truncate core.outbox`;
  await rewind({ admin });
  await forgetTopic(broker);
  if (slot !== undefined) await renewSlot(admin, slot);
  await appendVersions(admin, count);
  await ready?.();
  await admin`checkpoint`;
  const seconds = await work(count);
  if (slot !== undefined) await dropSlot(admin, slot);
  return { perSecond: count / seconds, ...judgeSent(await readBack(broker), await written(admin)) };
}

async function written(admin: Sql): Promise<ReadonlySet<string>> {
  const rows = await admin<{ event_id: string }[]>`select event_id from core.outbox`;
  return new Set(rows.map(({ event_id }) => event_id));
}

async function byTransactionalOutbox(
  stand: Stand,
  { listener, send }: { listener: Listener; send: ReturnType<typeof gatherSends> },
): Promise<() => Promise<Carried>> {
  const { admin, server } = stand;
  const publication = `bench_${listener}`;
  const outbox = await openTransactionalOutbox({ admin, server }, { listener, slot: SLOTS.replication, publication });
  return async () => {
    await outbox.empty();
    if (listener === 'replication') {
      await admin`drop publication if exists ${admin(publication)}`;
      await admin`create publication ${admin(publication)} for table peer.${admin(`by_${listener}`)} with (publish = 'insert')`;
    }
    return carry(stand, {
      count: EVENTS.each,
      ...(listener === 'replication' && { slot: SLOTS.replication }),
      ready: outbox.copyRows,
      work: (count) => outbox.carry(count, send),
    });
  };
}

const NAMES = {
  debezium: 'Debezium',
  replication: 'pg-transactional-outbox, replication',
  polling: 'pg-transactional-outbox, polling',
} as const;

function figuresOf(found: Record<'relay' | 'again' | keyof typeof NAMES, readonly Carried[]>): Figure[] {
  const control = 'A/A: relay / the same again, beside its peers';
  const gate = `each event is in the topic of ${POLICIES.partitions} partitions once or more, read back, and none else`;
  const of = (state: keyof typeof found, what: keyof Carried) => found[state].map((carried) => carried[what]);
  const each = Object.entries(NAMES) as [keyof typeof NAMES, string][];
  const { rate, ratio, figure } = measured({ control, gate });
  return [
    rate('relay, beside its peers', of('relay', 'perSecond')),
    ...each.map(([state, name]) => rate(name, of(state, 'perSecond'))),
    ...each.map(([state, name]) => ratio(`relay / ${name}`, of('relay', 'perSecond'), of(state, 'perSecond'))),
    ratio(control, of('relay', 'perSecond'), of('again', 'perSecond')),
    figure("out of their policy's order, relay", 'events', of('relay', 'misordered')),
    ...each.map(([state, name]) => figure(`out of their policy's order, ${name}`, 'events', of(state, 'misordered'))),
    ...each.map(([state, name]) => figure(`sent more than once, ${name}`, 'events', of(state, 'doubled'))),
  ];
}
