import type { Batch } from '#platform/events/transport.ts';
import type { SettlementContext } from '../context.ts';
import { parkMessages } from '../dead-letters/park-messages.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { lockPosition, movePosition } from '../positions/position.ts';
import { appendLines } from '../registers/append-lines.ts';
import { type Plan, planBatch } from './plan-batch.ts';
import { readMessage } from './read-message.ts';
import { recall } from './recall.ts';

/**
 * Takes a batch into the books: ledger, register lines, dead letters and position in one transaction, so that any
 * delivery may be repeated. Rejects with StreamFault when the stream is wrong; what stood before the fault is booked
 * then. Any other error has changed nothing.
 */
export async function handleBatch(ctx: SettlementContext, batch: Batch): Promise<void> {
  const stream = { region: ctx.region, topic: batch.topic, partition: batch.partition };
  const messages = batch.messages.map((message) => readMessage(message.value, stream));
  const plan = await ctx.sql.begin(async (tx) => {
    const position = await lockPosition(tx, stream);
    const plan = planBatch(messages, { position, ...(await recall(tx, messages, stream)) });
    await bookEvents(tx, plan.book, { bookedAt: ctx.now() });
    await appendLines(tx, plan.book);
    await parkMessages(tx, plan.park, { ...stream, parkedAt: ctx.now() });
    if (plan.position !== position) await movePosition(tx, stream, { from: position, to: plan.position });
    return plan;
  });
  report(ctx, plan, batch.partition);
  if (plan.fault) throw plan.fault;
}

/** Counted and logged after the commit: what was rolled back did not happen. */
function report(ctx: SettlementContext, plan: Plan, partition: number): void {
  ctx.metrics.countEvents('applied', plan.book.length);
  ctx.metrics.countEvents('duplicate', plan.duplicates);
  ctx.metrics.countEvents('stale', plan.stale);
  ctx.metrics.countEvents('parked', plan.park.length);
  for (const { message, refusal, place } of plan.park) {
    const eventId = message.placed ? message.eventId : undefined;
    const { epoch, sequence } = place;
    ctx.log.warn({ partition, epoch, sequence, eventId, aggregateId: message.aggregateId, ...refusal }, 'event parked');
  }
}
