import { setMaxListeners } from 'node:events';
import type { Sql } from 'postgres';
import { Counter, type Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import type { Service } from '#platform/lifecycle/service.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { openSession } from '#platform/postgres/open-session.ts';
import { claimPartitions, moveCursors } from './cursor.ts';
import { type Cursor, type OutboxRow, type Page, readPages } from './read-page.ts';

export interface RelayContext {
  readonly sql: Sql;
  readonly events: EventTransport;
  /** Schema whose `outbox` is read, and the topic it goes to. */
  readonly schema: string;
  readonly topic: Topic;
  readonly region: string;
  readonly wait: Wait;
  readonly registry: Registry;
  readonly logError: (error: unknown, message: string) => void;
}

/** The relay, and `poke()` to say that something was just committed. */
export interface Relay extends Service {
  poke(): void;
}

/** Rows a partition gives in one page. */
const PAGE_ROWS = 500;
/** How long the relay rests when there is nothing to send and nobody pokes it. */
const POLL_MS = 50;
/** How long between attempts to take partitions that another relay holds, and after a failure. */
const RECLAIM_MS = 1_000;

/**
 * Carries events from the outbox to the topic: reads a page, sends it, waits for the acknowledgement, moves the cursor.
 * Any failure, a lost session or an unknown acknowledgement alike, gives the partitions up; taking them again raises
 * their epoch and starts at the last acknowledged event. The same page is never sent twice under one epoch, because
 * read again it could differ, and a number would stand for two events.
 */
export function startRelay(ctx: RelayContext): Relay {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const poked = { resolve: () => {} };
  const sent = new Counter({
    name: 'outbox_sent_total',
    help: 'Events sent by this relay and acknowledged',
    registers: [ctx.registry],
  });
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        await own(ctx, { signal: stopping.signal, poked, sent });
      } catch (error) {
        if (stopping.signal.aborted) return;
        ctx.logError(error, `relay of ${ctx.schema} lost its partitions, will take them again`);
        await ctx.wait(RECLAIM_MS, stopping.signal);
      }
    }
  };
  const done = loop();
  return {
    done,
    poke: () => poked.resolve(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      poked.resolve();
      await done;
    },
  };
}

interface Run {
  readonly signal: AbortSignal;
  readonly poked: { resolve: () => void };
  readonly sent: Counter;
}

/** Owns partitions on one session until stopped or until something fails. */
async function own(ctx: RelayContext, run: Run): Promise<void> {
  await using session = openSession(ctx.sql);
  let cursors: readonly Cursor[] = [];
  let reclaimAt = 0;
  while (!run.signal.aborted) {
    session.lost.throwIfAborted();
    if (cursors.length < ctx.topic.partitions && performance.now() >= reclaimAt) {
      cursors = [...cursors, ...(await claimMissing(session.sql, ctx, cursors))];
      reclaimAt = performance.now() + RECLAIM_MS;
    }
    const poke = new Promise<void>((resolve) => {
      run.poked.resolve = resolve;
    });
    const step = await runOnce({ ...ctx, session: session.sql, signal: run.signal }, cursors);
    cursors = step.cursors;
    run.sent.inc(step.sent);
    if (step.sent === 0) await restUntil(poke, ctx.wait(POLL_MS, run.signal));
  }
}

const restUntil = (poke: Promise<void>, poll: Promise<void>) => Promise.race([poke, poll]);

function claimMissing(session: Sql, ctx: RelayContext, owned: readonly Cursor[]): Promise<Cursor[]> {
  const have = new Set(owned.map((cursor) => cursor.partition));
  const partitions = Array.from({ length: ctx.topic.partitions }, (_, partition) => partition).filter(
    (p) => !have.has(p),
  );
  return claimPartitions(session, { schema: ctx.schema, partitions });
}

type StepContext = Pick<RelayContext, 'events' | 'schema' | 'topic' | 'region'> & { session: Sql; signal: AbortSignal };

/** One step: a page of each partition read, sent, acknowledged and marked. Rejects when any of it is not certain. */
export async function runOnce(
  ctx: StepContext,
  cursors: readonly Cursor[],
): Promise<{ sent: number; cursors: readonly Cursor[] }> {
  if (cursors.length === 0) return { sent: 0, cursors };
  const pages = await readPages(ctx.session, cursors, { schema: ctx.schema, limit: PAGE_ROWS });
  const messages = pages.flatMap((page, index) => toMessages(page, cursors[index] as Cursor, ctx.region));
  if (messages.length === 0) return { sent: 0, cursors: pages.map((page) => page.after) };
  await ctx.events.publish(ctx.topic, messages, ctx.signal);
  const after = pages.map((page) => page.after);
  const moved = await moveCursors(ctx.session, after, { schema: ctx.schema });
  const lost = after.filter((cursor) => !moved.has(cursor.partition));
  if (lost.length > 0)
    throw new Error(`Partitions ${lost.map((cursor) => cursor.partition).join(', ')} have a new owner`);
  return { sent: messages.length, cursors: after };
}

function toMessages(page: Page, before: Cursor, region: string): OutgoingMessage[] {
  return page.rows.map((row, index) => ({
    partition: before.partition,
    key: row.key,
    value: envelope(row, {
      region,
      partition: before.partition,
      epoch: before.epoch,
      sequence: before.sequence + index + 1,
    }),
  }));
}

/** The event as it goes over the wire. `data` is JSON already: it is put in as it is, never parsed here. */
function envelope(
  row: OutboxRow,
  place: { region: string; partition: number; epoch: number; sequence: number },
): string {
  const head = {
    eventId: row.event_id,
    type: row.type,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    ...place,
    occurredAt: row.occurred_at,
    traceparent: row.traceparent,
  };
  return `${JSON.stringify(head).slice(0, -1)},"data":${row.data}}`;
}
