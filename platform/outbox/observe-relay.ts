import { Counter, type Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { Cursor } from './cursor.ts';

/** What a relay tells of itself as it goes. */
export interface RelayReport {
  /** The partitions that it owns, each as far as it is acknowledged. */
  owns(cursors: readonly Cursor[]): void;
  /** Events were acknowledged. */
  sent(events: number): void;
  /** It has lost its partitions. */
  failed(): void;
}

/** What to be alerted on when nobody sends: partitions that no relay owns, and relays that lose theirs again and again. */
export function observeRelay(registry: Registry, topic: Topic): RelayReport {
  let owned: readonly Cursor[] = [];
  const registers = [registry];
  const sent = new Counter({
    name: 'outbox_sent_total',
    help: 'Events sent by this relay and acknowledged',
    registers,
  });
  const failures = new Counter({
    name: 'outbox_relay_failures_total',
    help: 'How often this relay lost its partitions, and took them again',
    labelNames: ['topic'],
    registers,
  });
  const labels = { topic: topic.name };
  failures.inc(labels, 0);
  const gauge = (name: string, help: string, value: () => number) =>
    observeGauge(registry, { name, help, labelNames: ['topic'], read: () => [{ labels, value: value() }] });
  gauge('outbox_partitions', 'Partitions that the outbox has', () => topic.partitions);
  gauge('outbox_relay_partitions', 'Partitions that this relay owns; together all replicas should', () => owned.length);
  const ofEach = (name: string, help: string, value: (cursor: Cursor) => number) =>
    observeGauge(registry, {
      name,
      help,
      labelNames: ['topic', 'partition'],
      read: () => owned.map((cursor) => ({ labels: { ...labels, partition: cursor.partition }, value: value(cursor) })),
    });
  ofEach('outbox_relay_epoch', 'Of each partition owned here: grows with each takeover', ({ epoch }) => epoch);
  ofEach(
    'outbox_relay_sequence',
    'Of each partition owned here: the number of the last event acknowledged',
    ({ sequence }) => sequence,
  );
  return {
    owns(cursors) {
      owned = cursors;
    },
    sent: (events) => sent.inc(events),
    failed() {
      owned = [];
      failures.inc(labels);
    },
  };
}
