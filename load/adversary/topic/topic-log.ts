import type { EventEnvelope } from '#contracts/events.ts';
import type { IncomingMessage } from '#platform/events/transport.ts';

/** What one send brings: the records of each partition, in order. */
export interface TopicRecord extends IncomingMessage {
  readonly partition: number;
}

/** The topic: what was appended to each partition, in order and for ever. */
export interface TopicLog {
  append(records: readonly TopicRecord[]): void;
  /** The records of a partition from an offset on, at most `most`. */
  read(partition: number, from: number, most: number): IncomingMessage[];
  /** The events of each partition, read anew from what was appended. */
  events(): EventEnvelope[][];
  readonly size: number;
}

export function createTopicLog(partitions: number): TopicLog {
  const records: IncomingMessage[][] = Array.from({ length: partitions }, () => []);
  let size = 0;
  return {
    append(added) {
      for (const { partition, key, value } of added) {
        const stored = records[partition];
        if (!stored) throw new Error(`There is no partition ${partition}: the topic has ${partitions}`);
        stored.push({ key, value });
        size += 1;
      }
    },
    read: (partition, from, most) => records[partition]?.slice(from, from + most) ?? [],
    // Not by the contract's schema: the checker judges what was sent, whatever it is.
    events: () => records.map((stored) => stored.map(({ value }) => JSON.parse(value) as EventEnvelope)),
    get size() {
      return size;
    },
  };
}
