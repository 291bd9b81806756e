import type { Socket } from 'node:net';
import type { TopicFaults } from './faults.ts';
import type { TopicLog } from './topic-log.ts';
import { tell } from './wire.ts';

/** Hands the topic's records to the consumers that joined, at least once and in order within a partition. */
export interface Delivery {
  join(consumer: Socket): void;
  leave(consumer: Socket): void;
  /** A consumer has handled what it was handed as `id`. */
  handled(consumer: Socket, id: number): void;
  /** Says that there may be more to hand over. */
  offer(): void;
}

interface Delivering {
  readonly log: TopicLog;
  readonly partitions: number;
  readonly faults: TopicFaults;
  readonly random: () => number;
}

/** Records of a batch, at most. */
const MOST_RECORDS = 300;

/** A batch under way: who has it, and where the partition stands once one of them has handled it. */
interface Handed {
  readonly id: number;
  readonly next: number;
  readonly consumers: Set<Socket>;
}

/** `state.faults` may change while it runs. */
export function createDelivery(state: Delivering): Delivery {
  const consumers: Socket[] = [];
  const offsets = new Array<number>(state.partitions).fill(0);
  const underWay = new Map<number, Handed>();
  let handedOver = 0;
  const pick = () => consumers[Math.floor(state.random() * consumers.length)];
  const hand = (partition: number) => {
    const consumer = pick();
    const offset = offsets[partition] ?? 0;
    if (!consumer || underWay.has(partition) || state.log.read(partition, offset, 1).length === 0) return;
    const rewind = Math.floor(state.random() ** 4 * state.faults.mostRewind);
    const from = Math.max(0, offset - rewind);
    const most = rewind + 1 + Math.floor(state.random() * MOST_RECORDS);
    const messages = state.log.read(partition, from, most);
    const other = state.random() < state.faults.handTwice ? pick() : undefined;
    const to = new Set(other ? [consumer, other] : [consumer]);
    handedOver += 1;
    underWay.set(partition, { id: handedOver, next: from + messages.length, consumers: to });
    for (const socket of to) tell(socket, { say: 'handed', id: handedOver, partition, messages });
  };
  const offer = () => {
    for (let partition = 0; partition < state.partitions; partition += 1) hand(partition);
  };
  return {
    join(consumer) {
      consumers.push(consumer);
      offer();
    },
    leave(consumer) {
      const place = consumers.indexOf(consumer);
      if (place !== -1) consumers.splice(place, 1);
      for (const [partition, handed] of underWay) {
        handed.consumers.delete(consumer);
        if (handed.consumers.size === 0) underWay.delete(partition);
      }
      offer();
    },
    handled(consumer, id) {
      for (const [partition, handed] of underWay) {
        if (handed.id !== id || !handed.consumers.has(consumer)) continue;
        offsets[partition] = Math.max(offsets[partition] ?? 0, handed.next);
        underWay.delete(partition);
        hand(partition);
      }
    },
    offer,
  };
}
