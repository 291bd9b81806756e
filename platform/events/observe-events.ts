import { Histogram, type Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { Batch, MeasuredTransport } from './transport.ts';

interface Observing {
  readonly registry: Registry;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * A transport that tells of its readers what to be alerted on when one falls behind or cannot read: how many records wait for
 * its group, and how its batches end.
 */
export function observeEvents(events: MeasuredTransport, { registry, now }: Observing): MeasuredTransport {
  const read: { topic: Topic; group: string }[] = [];
  observeGauge(registry, {
    name: 'consumer_lag_events',
    help: 'Records of a topic that the group of this service has not taken; the same from every replica',
    labelNames: ['topic', 'partition'],
    read: async () => (await Promise.all(read.map((each) => lagOf(events, each)))).flat(),
  });
  const durations = new Histogram({
    name: 'consumer_batch_duration_seconds',
    help: 'Time to handle a batch; ok is false for one that was given back to come again',
    labelNames: ['topic', 'ok'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    ...events,
    subscribe(topic, group, handle) {
      read.push({ topic, group });
      for (const ok of ['true', 'false']) durations.zero({ topic: topic.name, ok });
      const timed = async (batch: Batch) => {
        const startedAt = now();
        let ok = false;
        try {
          await handle(batch);
          ok = true;
        } finally {
          durations.observe({ topic: topic.name, ok: String(ok) }, (now() - startedAt) / 1000);
        }
      };
      return events.subscribe(topic, group, timed);
    },
  };
}

async function lagOf(events: MeasuredTransport, { topic, group }: { topic: Topic; group: string }) {
  const lag = await events.lag(topic, group);
  return [...lag].map(([partition, value]) => ({ labels: { topic: topic.name, partition }, value }));
}
