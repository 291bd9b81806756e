import { traceIdOf } from '#platform/events/traceparent-of.ts';
import type { Batch } from '#platform/events/transport.ts';
import type { SettlementContext } from '../context.ts';
import type { Metrics } from '../metrics.ts';
import { type Plan, planBatch } from './plan-batch.ts';
import { readMessage } from './read-message.ts';

interface IntakeContext extends Pick<SettlementContext, 'region' | 'books' | 'log'> {
  readonly metrics: Pick<Metrics, 'countEvents' | 'countFailure'>;
}

/**
 * Takes a batch into the books, in one transaction, so that any delivery may be repeated. A fault of the stream stops the
 * partition, which the books remember: the batch resolves all the same, and a replay heals it. Rejects when nothing was
 * changed, as without a database.
 */
export async function handleBatch(ctx: IntakeContext, batch: Batch): Promise<void> {
  const stream = { region: ctx.region, topic: batch.topic, partition: batch.partition };
  const messages = batch.messages.map((message) => readMessage(message.value, stream));
  const plan = await ctx.books.take(stream, messages, (known) => planBatch(messages, known));
  report(ctx, plan, batch.partition);
}

/** Counted and logged after the commit: what was rolled back did not happen. */
function report(ctx: IntakeContext, plan: Plan, partition: number): void {
  ctx.metrics.countEvents('applied', plan.book.length);
  ctx.metrics.countEvents('noted', plan.note.length);
  ctx.metrics.countEvents('duplicate', plan.duplicates);
  ctx.metrics.countEvents('stale', plan.stale);
  ctx.metrics.countEvents('withheld', plan.withheld);
  ctx.metrics.countEvents('parked', plan.park.length);
  for (const { message, refusal, place } of plan.park) {
    const eventId = message.placed ? message.eventId : undefined;
    const { epoch, sequence } = place;
    const { aggregateId, raw } = message;
    const of = { partition, epoch, sequence, eventId, aggregateId, ...traceIdOf(raw) };
    ctx.log.warn({ ...of, ...refusal }, 'event parked');
  }
  for (const { data, aggregateVersion } of plan.note) {
    ctx.log.info({ partition, day: data.day, revision: aggregateVersion }, 'day closed by core');
  }
  for (const turn of plan.turns) {
    if ('stopped' in turn) {
      ctx.metrics.countFailure(turn.stopped.reason);
      ctx.log.error({ partition, ...turn.stopped }, 'partition stopped');
    } else {
      ctx.log.info({ partition, ...turn.healed }, 'partition goes on');
    }
  }
}
