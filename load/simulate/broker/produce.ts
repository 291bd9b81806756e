import type { EventTransport, IncomingMessage, OutgoingMessage } from '#platform/events/transport.ts';
import type { Host } from '../engine/host.ts';
import { strikes, travelMs, type World } from '../engine/world.ts';
import type { Broker } from './broker.ts';

export type Publish = EventTransport['publish'];

/** A request that was not answered in this time is asked again; it may still arrive. */
const ANSWER_MS = 250;

/**
 * The producer of a process: acknowledged by all, not idempotent, and asking again by itself, as kafkajs does. So what it
 * sent may be in a log twice, once, or not at all when it rejects, and may get there even later.
 */
export function createPublish(world: World, { host, broker }: { host: Host; broker: Broker }): Publish {
  return async (_topic, messages, signal) => {
    signal.throwIfAborted();
    const parts = Map.groupBy(messages, (message) => message.partition);
    const sends = [...parts].map(([partition, records]) => send(world, { host, broker, partition, records }));
    const refused = (await Promise.allSettled(sends)).find((sent) => sent.status === 'rejected');
    if (refused) throw refused.reason;
  };
}

interface Send {
  readonly host: Host;
  readonly broker: Broker;
  readonly partition: number;
  readonly records: readonly OutgoingMessage[];
}

const toRecord = ({ key, value }: OutgoingMessage): IncomingMessage => ({ key: String(key), value: String(value) });

async function send(world: World, options: Send): Promise<void> {
  for (let attempt = 1; attempt <= world.weather.attempts; attempt += 1) {
    if (await request(world, options)) return;
  }
  throw new Error(`Nobody knows what became of ${options.records.length} messages for partition ${options.partition}`);
}

/** One request; false when no answer came in time. */
function request(world: World, { host, broker, partition, records }: Send): Promise<boolean> {
  const { clock, weather, trace } = world;
  const life = broker.life();
  return new Promise((resolve) => {
    clock.after(ANSWER_MS, () => host.run(() => resolve(false)));
    if (strikes(world, weather.drop)) return;
    world.happened('sending');
    const arrive = () => {
      if (!broker.isUp() || broker.life() !== life) return;
      broker.append(partition, records.map(toRecord));
      world.happened('stored');
      trace(() => `stored in partition ${partition}: ${records.map(placeOf).join(' ')}`);
      if (strikes(world, weather.drop)) return;
      clock.after(travelMs(world), () => broker.life() === life && host.run(() => resolve(true)));
    };
    // Out of the process already, or still in the machine that may stand still with it.
    const isOut = world.chance.happens(0.5);
    clock.after(travelMs(world), () => (isOut ? arrive() : host.run(arrive)));
  });
}

/** For the trace: epoch/sequence and version of a policy. */
function placeOf({ value }: OutgoingMessage): string {
  const { epoch, sequence, aggregateId, aggregateVersion } = JSON.parse(String(value));
  return `${epoch}/${sequence}=${aggregateId.slice(-4)}v${aggregateVersion}`;
}
