import { type Batch, redeliveryDelayMs } from '#platform/events/transport.ts';
import type { Host } from '../engine/host.ts';
import { strikes, travelMs, type World } from '../engine/world.ts';
import type { Broker, Member } from './broker.ts';

export interface ConsumeOptions {
  readonly host: Host;
  readonly broker: Broker;
  readonly topic: string;
  /** Records of a batch at most. */
  readonly batchRecords: number;
  readonly handle: (batch: Batch) => Promise<void>;
  /** Notes an offset before the batch is handled: a planted fault. */
  readonly commitsFirst?: boolean;
}

/**
 * A consumer of a process: of each partition that it believes to be its own, batch after batch is handled, and then its
 * offset noted. What is rejected comes again after a pause; an offset that cannot be noted is asked for again.
 */
export function startConsuming(world: World, options: ConsumeOptions): void {
  const { host, broker } = options;
  let own = new Map<number, AbortController>();
  const member: Member = {
    name: host.name,
    assign: (partitions) =>
      host.run(() => {
        for (const [partition, reading] of own) if (!partitions.includes(partition)) reading.abort();
        const kept = [...own].filter(([partition]) => partitions.includes(partition));
        const begun = partitions.filter((partition) => !own.has(partition));
        own = new Map(kept);
        for (const partition of begun) {
          const reading = new AbortController();
          own.set(partition, reading);
          const aborted = new Promise<void>((resolve) => reading.signal.addEventListener('abort', () => resolve()));
          void read(world, { ...options, member, partition, signal: reading.signal, aborted });
        }
      }),
  };
  host.onKill(() => world.clock.after(world.chance.between(0, 500), () => broker.leave(member)));
  broker.join(member);
}

interface Reading extends ConsumeOptions {
  readonly member: Member;
  readonly partition: number;
  readonly signal: AbortSignal;
  readonly aborted: Promise<void>;
}

async function read(world: World, reading: Reading): Promise<void> {
  const { host, broker, topic, partition, signal, handle, commitsFirst = false } = reading;
  let offset = await ask(world, reading, () => broker.offset(partition));
  let attempt = 0;
  while (!signal.aborted) {
    const messages = await fetchFrom(world, reading, offset);
    if (signal.aborted) return;
    const next = offset + messages.length;
    if (commitsFirst) await commit(world, reading, next);
    try {
      await handle({ topic, partition, messages });
    } catch {
      await host.wait(redeliveryDelayMs(attempt), signal);
      attempt += 1;
      continue;
    }
    attempt = 0;
    offset =
      commitsFirst || (await commit(world, reading, next))
        ? next
        : await ask(world, reading, () => broker.offset(partition));
  }
}

/** Waits until there is something, and takes a part of it. */
async function fetchFrom(world: World, reading: Reading, offset: number) {
  const { broker, partition, batchRecords, signal, aborted } = reading;
  const log = broker.logs[partition] ?? [];
  while (log.length <= offset && !signal.aborted) await Promise.race([broker.grown(partition), aborted]);
  return ask(world, reading, () => log.slice(offset, offset + world.chance.integer(1, batchRecords)));
}

async function commit(world: World, reading: Reading, offset: number): Promise<boolean> {
  const { broker, member, partition } = reading;
  if (strikes(world, world.weather.drop)) return false;
  return ask(world, reading, () => broker.commit(member, { partition, offset }));
}

/** Asks the broker, and again as long as it is away. */
async function ask<Answer>(world: World, reading: Reading, question: () => Answer): Promise<Answer> {
  const { host, broker } = reading;
  const never = new AbortController().signal;
  for (;;) {
    await host.wait(travelMs(world), never);
    if (!broker.isUp()) await host.wait(100, never);
    else {
      const answer = question();
      await host.wait(travelMs(world), never);
      return answer;
    }
  }
}
