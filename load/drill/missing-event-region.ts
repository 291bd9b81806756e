import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { readStatus } from '#platform/outbox/read-status.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { replay } from '#platform/outbox/replay.ts';
import { createInsertPolicy } from '../../core/policies/issue-statement.ts';
import { startConsumer } from '../../settlement/consumer.ts';
import { newSale } from '../adversary/writers/new-sale.ts';
import { type LogLine, REGION, startSettlementAlone } from './settlement-alone.ts';

/** A sale that is committed. */
export interface Sold {
  readonly eventId: string;
  readonly partition: number;
}

/** An event that the relay was told is safe, and that nobody will ever be given. */
export interface Dropped {
  readonly eventId: string;
  readonly partition: number;
  /** By `performance.now()`. */
  readonly at: number;
}

/** The way of a sale from core's own statement over outbox and relay into settlement's books, with a hole to be made in it. */
export interface Region extends AsyncDisposable {
  /** Everything sold so far. */
  readonly sold: readonly Sold[];
  /** Sells a policy, of a partition if one is named. */
  sell(partition?: number): Promise<void>;
  /** Deletes the next event that is sent; resolves once it is gone. */
  dropNext(): Promise<Dropped>;
  /** Partitions that `/metrics` tells as stopped, with their reason: `3 gap`. */
  stopped(): Promise<string[]>;
  /** Sends a partition again, all from a time on, as an operator does. */
  replay(partition: number, from: Date): Promise<void>;
  /** Resolves once all that was sold is acknowledged. */
  drained(): Promise<void>;
  /** Ids of events in the ledger that have a line in a register, in order. */
  booked(): Promise<string[]>;
}

export async function startRegion(options: { random: () => number; hear: (line: LogLine) => void }): Promise<Region> {
  await using stack = new AsyncDisposableStack();
  const settlement = stack.use(await startSettlementAlone(options.hear));
  const core = settlement.open('core').sql;
  const logError = (err: unknown, message: string) => settlement.ctx.log.warn({ err }, message);
  const events = stack.use(createInProcessTransport({ wait, logError }));
  stack.use(await startConsumer(settlement.ctx, events));
  const hole = createHole(events);
  const moved = { note: () => {} };
  const relay = stack.use(
    startRelay({
      open: () => {
        const session = openOutbox(core, { schema: 'core', region: REGION });
        return { ...session, move: (cursors) => session.move(cursors).finally(() => moved.note()) };
      },
      events: hole.events,
      topic: POLICIES,
      wait,
      now: () => performance.now(),
      registry: settlement.registry,
      logError,
    }),
  );
  const insert = createInsertPolicy(core);
  const sold: Sold[] = [];
  const owned = stack.move();
  return {
    sold,
    async sell(partition) {
      const { issue } = saleIn(partition, { random: options.random, number: `MSK-${sold.length + 1}` });
      const { eventId } = issue.event;
      sold.push({ eventId, partition: issue.event.partition });
      await insert(issue);
      relay.poke(issue.event.partition);
    },
    dropNext: hole.dropNext,
    async stopped() {
      const text = await settlement.registry.metrics();
      const lines = text.matchAll(/^settlement_partition_stopped\{partition="(\d+)",reason="([^"]+)".*\} 1$/gm);
      return [...lines].map(([, partition, reason]) => `${partition} ${reason}`);
    },
    async replay(partition, at) {
      await replay(core, { schema: 'core', topic: POLICIES, from: { at }, partitions: [partition] });
      relay.poke();
    },
    async drained() {
      for (;;) {
        const next = new Promise<void>((resolve) => {
          moved.note = resolve;
        });
        if ((await readStatus(core, { schema: 'core', topic: POLICIES })).backlog === 0) return;
        await next;
      }
    },
    async booked() {
      const rows = await settlement.ctx.sql<{ id: string }[]>`
        select event_id as id from settlement.ledger_transactions join settlement.register_lines using (event_id)
        order by 1`;
      return rows.map(({ id }) => id);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Ids are born at random: so long until one is of the partition. */
function saleIn(partition: number | undefined, options: Parameters<typeof newSale>[0]) {
  for (;;) {
    const sale = newSale(options);
    if (partition === undefined || sale.issue.event.partition === partition) return sale;
  }
}

/** A transport that loses a record when told to, and acknowledges it as the others. */
function createHole(events: EventTransport) {
  let wanted: ((dropped: Dropped) => void) | undefined;
  const take = (messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] => {
    const [first, ...others] = messages;
    if (!wanted || !first) return messages;
    const { eventId } = JSON.parse(first.value.toString()) as { eventId: string };
    wanted({ eventId, partition: first.partition, at: performance.now() });
    wanted = undefined;
    return others;
  };
  const holed: EventTransport = {
    ...events,
    publish: (topic, messages, signal) => events.publish(topic, take(messages), signal),
  };
  const dropNext = () =>
    new Promise<Dropped>((resolve) => {
      wanted = resolve;
    });
  return { events: holed, dropNext };
}
