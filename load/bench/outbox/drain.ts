import { readFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import type { Stand } from './stand.ts';

type Publish = EventTransport['publish'];

/** What it took to carry events. */
export interface Drained {
  readonly ms: number;
  /** Of this process and of the relay's connection at the server, together. */
  readonly cpuMs: number;
}

/** A relay on the stand whose sends go where `publish` says; `sent` resolves when so many were acknowledged. */
export function relayOn(stand: Stand, publish: Publish) {
  const progress = { count: 0, until: 0, reached: Promise.withResolvers<void>() };
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const counted: Publish = async (topic, messages, signal) => {
    await publish(topic, messages, signal);
    progress.count += messages.length;
    if (progress.count >= progress.until) progress.reached.resolve();
  };
  const relay = startRelay({
    open: stand.open,
    events: { publish: counted } as EventTransport,
    topic: POLICIES,
    wait,
    now: () => performance.now(),
    registry: new Registry(),
    logError: (error) => failed.reject(error),
  });
  return {
    relay,
    sent(count: number): Promise<void> {
      progress.until = progress.count + count;
      progress.reached = Promise.withResolvers();
      return Promise.race([progress.reached.promise, failed.promise]);
    },
  };
}

/** Carries so many events that wait already; from the relay's start to the last acknowledgement. */
export async function drain(stand: Stand, { count, publish }: { count: number; publish: Publish }): Promise<Drained> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const { relay, sent } = relayOn(stand, publish);
  try {
    await sent(count);
    const ms = performance.now() - startedAt;
    return { ms, cpuMs: cpuSince(before) + (await ownerCpuMs(stand)) };
  } finally {
    await relay[Symbol.asyncDispose]();
  }
}

/** Processor time of this process since then, ms. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Clock ticks a second in /proc, `getconf CLK_TCK` of every Linux of today. */
const TICKS = 100;

/** Processor time that the server has spent on the connection that owns the partitions, ms; nothing where there is no /proc. */
export async function ownerCpuMs({ admin }: Pick<Stand, 'admin'>): Promise<number> {
  const [owner] = await admin`select pid from pg_locks where locktype = 'advisory' limit 1`;
  const stat = await readFile(`/proc/${owner?.['pid']}/stat`, 'utf8').catch(() => '');
  const [, ticksUser = 0, ticksSystem = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(stat) ?? [];
  return ((Number(ticksUser) + Number(ticksSystem)) * 1_000) / TICKS;
}

/** Takes and acknowledges. */
export const swallow: Publish = async () => undefined;

/** Sends as they are, and keeps each send. */
export function recording(publish: Publish, batches: OutgoingMessage[][]): Publish {
  return async (topic, messages, signal) => {
    batches.push([...messages]);
    await publish(topic, messages, signal);
  };
}

/** All that was ever appended waits again. */
export async function rewind({ admin }: Pick<Stand, 'admin'>): Promise<void> {
  await admin`truncate core.outbox_cursor, core.outbox_progress`;
}
