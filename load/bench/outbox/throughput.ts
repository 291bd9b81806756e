import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { POLICIES } from '#contracts/topics.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { drain, recording, rewind, swallow } from './drain.ts';
import { append, type Stand } from './stand.ts';

const EVENTS = 120_000;

/** Events a second that the relay carries from the outbox to Kafka, and kafkajs alone, given the same sends from memory. */
export async function throughput(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await append(stand.admin, EVENTS);
  await using events = await stand.connect('bench-relay');
  const kafka = new Kafka({ brokers: [stand.broker], clientId: 'bench-raw', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: false, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const raw = async () => {
    // Recorded anew and dropped: a hundred megabytes kept would be the relay's burden while it is measured.
    const batches: OutgoingMessage[][] = [];
    await rewind(stand);
    await drain(stand, { count: EVENTS, publish: recording(swallow, batches) });
    requireWhole(batches);
    const startedAt = performance.now();
    for (const messages of batches) await producer.send({ topic: POLICIES.name, acks: -1, messages });
    return EVENTS / ((performance.now() - startedAt) / 1_000);
  };
  const relay = async () => {
    await rewind(stand);
    const { ms } = await drain(stand, { count: EVENTS, publish: events.publish });
    return EVENTS / (ms / 1_000);
  };
  try {
    const found = await interleave(ctx, {
      what: 'outbox: throughput',
      rounds: ROUNDS,
      states: { raw, relay, again: raw },
    });
    const control = 'A/A: kafkajs / kafkajs';
    const { rate, ratio } = measured({ control, gate: 'every event is sent once, and no partition has a hole' });
    return [
      rate('kafkajs alone', found.raw),
      rate('relay', found.relay),
      ratio('relay / kafkajs alone', found.relay, found.raw),
      ratio(control, found.again, found.raw),
    ];
  } finally {
    await producer.disconnect();
    await stand.admin`truncate core.outbox`;
    await rewind(stand);
  }
}

/** Every event once, and dense numbers in each partition. */
function requireWhole(batches: readonly OutgoingMessage[][]): void {
  const events = batches.flat().map(({ value }) => JSON.parse(value.toString()));
  const ids = new Set(events.map((event) => event.eventId));
  if (ids.size !== EVENTS || events.length !== EVENTS)
    throw new Error(`${EVENTS} events were sent as ${events.length}`);
  for (const [partition, mine] of Map.groupBy(events, (event) => event.partition)) {
    if (mine.some((event, index) => event.sequence !== index + 1)) {
      throw new Error(`The numbers of partition ${partition} have a hole`);
    }
  }
}
