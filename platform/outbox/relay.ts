import { setMaxListeners } from 'node:events';
import type { Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import type { Service } from '#platform/lifecycle/service.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Cursor } from './cursor.ts';
import { observeRelay, type RelayReport } from './observe-relay.ts';
import type { OutboxSession } from './outbox-session.ts';
import type { Page } from './read-page.ts';

export interface RelayContext {
  /** Opens a session on the outbox; the relay ends it, and opens another after a failure. */
  readonly open: () => OutboxSession;
  readonly events: EventTransport;
  readonly topic: Topic;
  readonly wait: Wait;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly registry: Registry;
  readonly logError: (error: unknown, message: string) => void;
}

/** The relay, and `poke()` to say that something was just committed, and in which partition if that is known. */
export interface Relay extends Service {
  poke(partition?: number): void;
}

/** Rows a partition gives in one page. */
const PAGE_ROWS = 500;
/** How long the relay rests when there is nothing to send and nobody pokes it; and how long a partition goes unread. */
const POLL_MS = 50;
/** How long between attempts to take partitions that another relay holds, and after a failure. */
const RECLAIM_MS = 1_000;

/**
 * Carries events from the outbox to the topic: sends a page, reads the next meanwhile, waits for the acknowledgement, moves
 * the cursor. One send is in flight at a time. Any failure, a lost session or an unknown acknowledgement alike, gives the
 * partitions up; taking them again raises their epoch and starts at the last acknowledged event. The same page is never
 * sent twice under one epoch, because read again it could differ, and a number would stand for two events.
 */
export function startRelay(ctx: RelayContext): Relay {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const pokes: Pokes = { partitions: new Set(), all: true, wake: () => {} };
  const report = observeRelay(ctx.registry, ctx.topic);
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        await own(ctx, { signal: stopping.signal, pokes, report });
      } catch (error) {
        report.failed();
        if (stopping.signal.aborted) return;
        ctx.logError(error, `relay of ${ctx.topic.name} lost its partitions, will take them again`);
        await ctx.wait(RECLAIM_MS, stopping.signal);
      }
    }
  };
  const done = loop();
  return {
    done,
    poke(partition) {
      if (partition === undefined) pokes.all = true;
      else pokes.partitions.add(partition);
      pokes.wake();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      pokes.wake();
      await done;
    },
  };
}

/** What was committed since the last look: in these partitions, or it is not known where. */
interface Pokes {
  readonly partitions: Set<number>;
  all: boolean;
  wake: () => void;
}

interface Run {
  readonly signal: AbortSignal;
  readonly pokes: Pokes;
  readonly report: RelayReport;
}

/** Owns partitions on one session until stopped or until something fails. */
async function own(ctx: RelayContext, run: Run): Promise<void> {
  await using outbox = ctx.open();
  let cursors: readonly Cursor[] = [];
  let ahead: Asked | undefined;
  let reclaimAt = Number.NEGATIVE_INFINITY;
  let readAllAt = Number.NEGATIVE_INFINITY;
  const next = (): Asked => {
    if (ctx.now() >= readAllAt) run.pokes.all = true;
    if (run.pokes.all) readAllAt = ctx.now() + POLL_MS;
    return ask(run.pokes, outbox, cursors);
  };
  while (!run.signal.aborted) {
    outbox.lost.throwIfAborted();
    if (cursors.length < ctx.topic.partitions && ctx.now() >= reclaimAt) {
      cursors = [...cursors, ...(await outbox.claim(missing(ctx.topic, cursors)))];
      reclaimAt = ctx.now() + RECLAIM_MS;
      run.pokes.all = true;
      run.report.owns(cursors);
    }
    const asked = ahead ?? next();
    const pages = await asked.pages;
    cursors = advanced(cursors, pages);
    ahead = undefined;
    if (pages.every((page) => page.messages.length === 0)) {
      await Promise.race([asked.poked, ctx.wait(POLL_MS, run.signal)]);
      continue;
    }
    ahead = next();
    // A failure of the sending comes first; then nobody waits for this one.
    ahead.pages.catch(() => undefined);
    run.report.sent(await carry({ ...ctx, outbox, signal: run.signal }, pages));
    run.report.owns(cursors);
  }
}

/** Pages under way, and whether anybody poked since they were asked for: what they miss must not wait for the poll. */
interface Asked {
  readonly pages: Promise<readonly Page[]>;
  readonly poked: Promise<void>;
}

/** Reads where something is known to wait, all partitions when it is not known where: one costs a fifth of twelve. */
function ask(pokes: Pokes, outbox: OutboxSession, cursors: readonly Cursor[]): Asked {
  const poked = new Promise<void>((resolve) => {
    pokes.wake = resolve;
  });
  const wanted = cursors.filter(({ partition, win }) => pokes.all || win !== null || pokes.partitions.has(partition));
  pokes.all = false;
  pokes.partitions.clear();
  const pages = wanted.length === 0 ? Promise.resolve([]) : outbox.read(wanted, PAGE_ROWS);
  return { pages, poked };
}

const missing = (topic: Topic, owned: readonly Cursor[]): number[] =>
  Array.from({ length: topic.partitions }, (_, partition) => partition).filter(
    (partition) => !owned.some((cursor) => cursor.partition === partition),
  );

/** The cursors as they stand behind their pages; one claimed after the pages were asked for stays. */
function advanced(cursors: readonly Cursor[], pages: readonly Page[]): Cursor[] {
  const after = new Map(pages.map((page) => [page.after.partition, page.after]));
  return cursors.map((cursor) => after.get(cursor.partition) ?? cursor);
}

type Carrying = Pick<RelayContext, 'events' | 'topic'> & { outbox: OutboxSession; signal: AbortSignal };

/** Sends pages, and notes it once they are acknowledged. Answers how many events; rejects when any of it is not certain. */
async function carry({ events, topic, outbox, signal }: Carrying, pages: readonly Page[]): Promise<number> {
  const messages = pages.flatMap((page) => page.messages);
  await events.publish(topic, messages, signal);
  const after = pages.flatMap((page) => (page.messages.length > 0 ? page.after : []));
  const moved = await outbox.move(after);
  const lost = after.filter((cursor) => !moved.has(cursor.partition));
  if (lost.length > 0) {
    throw new Error(`Partitions ${lost.map((cursor) => cursor.partition).join(', ')} have a new owner`);
  }
  return messages.length;
}
