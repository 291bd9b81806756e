import { setTimeout as timer } from 'node:timers/promises';
import { median } from '../bench/median.ts';
import { seeded } from '../bench/seeded.ts';
import type { DrillContext, Outcome } from './drill.ts';
import { type Region, startRegion } from './missing-event-region.ts';
import type { LogLine } from './settlement-alone.ts';

export interface MissingEventOptions {
  /** How many events are deleted, one after another. */
  readonly drops: number;
  readonly seed: number;
  /** From the deletion until `/metrics` and the log tell it. */
  readonly noticedWithinMs: number;
}

const PER_SECOND = 10;
/** How often `/metrics` is asked; a production asks every few seconds, which comes on top. */
const LOOK_MS = 50;
/** A replay begins generously before what is missing. */
const BEFORE_MS = 30_000;
const HEALED_WITHIN_MS = 30_000;

/** Of one deletion, ms. */
interface Noticed {
  readonly toldMs: number;
  readonly loggedMs: number;
  readonly healedMs: number;
}

/** Events that were acknowledged are deleted from the stream while policies are sold: each is noticed by its gap, and a replay heals it. */
export async function missingEvent(ctx: DrillContext, options: MissingEventOptions): Promise<Outcome> {
  const stops: { at: number; partition: number | undefined }[] = [];
  const hear = ({ level, msg, partition }: LogLine) => {
    if (level === 'error' && msg === 'partition stopped') stops.push({ at: performance.now(), partition });
  };
  await using region = await startRegion({ random: seeded(options.seed), hear });
  const done = new AbortController();
  const selling = sell(region, AbortSignal.any([ctx.signal, done.signal]));
  const drop = async (): Promise<Noticed> => {
    const { partition, at } = await Promise.race([
      region.dropNext(),
      selling.then(() => Promise.reject(new Error('Nothing is sold any more'))),
    ]);
    const droppedAt = Date.now();
    const noticed = await until(`The gap in partition ${partition}`, options.noticedWithinMs, async () =>
      (await region.stopped()).includes(`${partition} gap`),
    );
    const logged = stops.find((stop) => stop.partition === partition && stop.at >= at);
    if (!logged) throw new Error(`The log does not say that partition ${partition} is stopped`);
    const replayedAt = performance.now();
    await region.replay(partition, new Date(droppedAt - BEFORE_MS));
    const healed = await until(
      `Partition ${partition} healed`,
      HEALED_WITHIN_MS,
      async () => (await region.stopped()).length === 0,
    );
    return { toldMs: noticed - at, loggedMs: logged.at - at, healedMs: healed - replayedAt };
  };
  const noticed: Noticed[] = [];
  try {
    while (noticed.length < options.drops) {
      ctx.signal.throwIfAborted();
      noticed.push(await drop());
      const last = noticed.at(-1);
      ctx.say(
        `${noticed.length} of ${options.drops}: told after ${seconds(last?.toldMs)} s, healed after ${seconds(last?.healedMs)}`,
      );
    }
  } finally {
    done.abort();
    await selling;
  }
  await region.drained();
  const booked = await region.booked();
  return {
    faults: [...compare(region, booked), ...tooMany(stops.length, options.drops)],
    lines: [...linesOf(region, noticed), ['booked in the end', booked.length]],
  };
}

async function sell(region: Region, signal: AbortSignal): Promise<void> {
  const begun = performance.now();
  for (let sale = 1; !signal.aborted; sale += 1) {
    await region.sell();
    const waitMs = Math.max(0, begun + (sale * 1_000) / PER_SECOND - performance.now());
    await timer(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** When it held, by `performance.now()`. Rejects when it never did in that time. */
async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (await holds()) return performance.now();
    await timer(LOOK_MS);
  }
  throw new Error(`${what} was not told at /metrics within ${withinMs / 1_000} s`);
}

/** All that was sold is booked, once. */
function compare({ sold }: Region, found: readonly string[]): string[] {
  const wanted = new Set(sold.map(({ eventId }) => eventId));
  const missing = wanted.difference(new Set(found)).size;
  const strange = found.filter((id) => !wanted.has(id)).length;
  return [
    ...(missing === 0 ? [] : [`${missing} events that were sold are not booked`]),
    ...(strange === 0 ? [] : [`${strange} events are booked that nobody sold`]),
  ];
}

const tooMany = (stops: number, drops: number): string[] =>
  stops === drops ? [] : [`the log tells ${stops} stops of partitions, for ${drops} deleted events`];

function linesOf({ sold }: Region, noticed: readonly Noticed[]): Outcome['lines'] {
  const told = (values: readonly number[]) => `${seconds(median(values))} (${seconds(Math.max(...values))})`;
  return [
    [
      'policies sold, a second; partitions',
      `${sold.length}, ${PER_SECOND}; ${new Set(sold.map(({ partition }) => partition)).size}`,
    ],
    ['events deleted', noticed.length],
    ['from a deletion to the error in the log, s: median (most)', told(noticed.map(({ loggedMs }) => loggedMs))],
    ['from a deletion to /metrics, s: median (most)', told(noticed.map(({ toldMs }) => toldMs))],
    ['from the replay to healed, s: median (most)', told(noticed.map(({ healedMs }) => healedMs))],
  ];
}

const seconds = (ms = Number.NaN) => (ms / 1_000).toFixed(2);
