import { POLICIES } from '#contracts/topics.ts';
import type { Batch, EventTransport, Subscription } from '#platform/events/transport.ts';
import type { SettlementContext } from './context.ts';
import { handleBatch } from './intake/handle-batch.ts';

/** Reads `policies.v1` into the books. A batch that fails is counted and comes again, its partition alone. */
export function startConsumer(ctx: SettlementContext, events: EventTransport): Promise<Subscription> {
  return events.subscribe(POLICIES, 'ins-comp-settlement', (batch) => takeBatch(ctx, batch));
}

async function takeBatch(ctx: SettlementContext, batch: Batch): Promise<void> {
  try {
    await handleBatch(ctx, batch);
  } catch (error) {
    ctx.metrics.countFailure('error');
    throw error;
  }
}
