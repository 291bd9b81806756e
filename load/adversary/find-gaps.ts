import type { EventEnvelope } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { Evidence } from './evidence.ts';

/**
 * Numbers are dense within an epoch, a new epoch starts at or below the last number + 1, and a number stands for one event
 * of that epoch. What an overtaken owner still had on its way may come after its successor's first; readers pass it over.
 * In the end the reader of each partition stands at its last number.
 */
export function findGaps({ topic, positions }: Evidence): string[] {
  const gaps: string[] = [];
  for (const [partition, events] of topic.entries()) {
    const walk = walkPartition(partition, events);
    gaps.push(...walk.gaps);
    const position = positions.find((row) => row.partition === partition);
    const stands = `${position?.epoch ?? 0}/${position?.sequence ?? 0}`;
    if (stands !== `${walk.epoch}/${walk.sequence}`) {
      gaps.push(`the reader of partition ${partition} stands at ${stands} and not at ${walk.epoch}/${walk.sequence}`);
    }
  }
  return gaps;
}

function walkPartition(partition: number, events: readonly EventEnvelope[]) {
  const gaps: string[] = [];
  const lastOf = new Map<number, number>();
  let epoch = 0;
  for (const event of events) {
    const said = `partition ${partition}: ${event.epoch}/${event.sequence}`;
    if (event.partition !== partition || partitionOf(event.aggregateId, POLICIES.partitions) !== partition) {
      gaps.push(`${said} is of another partition`);
    }
    const before = lastOf.get(event.epoch);
    if (before !== undefined) {
      if (event.sequence !== before + 1) gaps.push(`${said} follows ${event.epoch}/${before}`);
    } else if (event.epoch > epoch && event.sequence > (lastOf.get(epoch) ?? 0) + 1) {
      gaps.push(`${said} begins its epoch after ${epoch}/${lastOf.get(epoch) ?? 0}`);
    }
    lastOf.set(event.epoch, event.sequence);
    epoch = Math.max(epoch, event.epoch);
  }
  return { gaps, epoch, sequence: lastOf.get(epoch) ?? 0 };
}
