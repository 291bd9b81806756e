import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { startConsumer } from '../../../settlement/consumer.ts';
import type { SettlementContext } from '../../../settlement/context.ts';
import type { DrillContext } from '../drill.ts';
import { type Expected, expectBooks } from './expected.ts';
import { feed } from './feed.ts';
import { poisonedStream, type Sent, type StreamOptions } from './stream.ts';

/** What went on while the stream was sent. */
export interface Run {
  readonly expected: Expected;
  /** Of events of policies without anything malformed, ms from due to committed. */
  readonly lagsMs: Float64Array;
  readonly batches: number;
  readonly tookMs: number;
  readonly faults: readonly string[];
}

/** Sends the whole stream through settlement's consumer, or up to the first batch that is rejected. */
export async function runStream(
  ctx: DrillContext,
  settlement: SettlementContext,
  options: StreamOptions & { readonly rate: number },
): Promise<Run> {
  const expected = expectBooks(options.events);
  const lags = collectLags(options.events);
  const faults: string[] = [];
  const over = new AbortController();
  const reject = (error: unknown, message: string) => {
    faults.push(`${message}: ${error}`);
    over.abort(new Error('The consumer rejected a batch'));
  };
  await using events = createInProcessTransport({ wait, logError: reject });
  const noted = noting(events);
  await using consumer = await startConsumer(settlement, noted.events);
  const ended = (how: string) => void (over.signal.aborted || faults.push(`the consumer ${how}`));
  consumer.done.then(
    () => ended('ended'),
    (error: unknown) => ended(`died: ${error}`),
  );
  const begun = performance.now();
  await feed(
    { ...ctx, signal: AbortSignal.any([ctx.signal, over.signal]) },
    {
      ...options,
      stream: poisonedStream(options),
      publish: events.publish,
      committedAt: noted.committedAt,
      due: expected.note,
      committed: lags.note,
    },
  ).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  over.abort();
  return { expected, lagsMs: lags.sorted(), batches: noted.batches(), tookMs: performance.now() - begun, faults };
}

/** Of what is booked of policies of which nothing is malformed. */
function collectLags(events: number) {
  const lagsMs = new Float64Array(events);
  let count = 0;
  return {
    note({ fate }: Sent, lagMs: number) {
      if (!('booked' in fate) || fate.isOfPoisoned) return;
      lagsMs[count] = lagMs;
      count += 1;
    },
    sorted: () => lagsMs.slice(0, count).sort(),
  };
}

/** The transport with a note of when each partition's last batch was in the books. */
function noting(events: EventTransport) {
  const committedAt = new Map<number, number>();
  let batches = 0;
  const noted: EventTransport = {
    ...events,
    subscribe: (topic, group, handle) =>
      events.subscribe(topic, group, async (batch) => {
        await handle(batch);
        batches += 1;
        committedAt.set(batch.partition, performance.now());
      }),
  };
  return { events: noted, committedAt, batches: () => batches };
}
