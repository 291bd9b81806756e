import type { IncomingMessage } from '#platform/events/transport.ts';
import type { World } from '../engine/world.ts';

export interface BrokerOptions {
  readonly partitions: number;
}

/** A member of the consumers' group: what it is told, as soon as the network lets it know. */
export interface Member {
  readonly name: string;
  assign(partitions: readonly number[]): void;
}

/** A Kafka with one topic and one group, as far as delivery goes: logs, acknowledgements, offsets, assignments, crashes. */
export interface Broker {
  readonly isUp: () => boolean;
  /** Grows with each crash: what was asked before it finds nobody. */
  readonly life: () => number;
  readonly logs: readonly (readonly IncomingMessage[])[];
  append(partition: number, messages: readonly IncomingMessage[]): void;
  /** Resolves when the log of the partition grows. */
  grown(partition: number): Promise<void>;
  readonly offset: (partition: number) => number;
  /** Refused, as false, from a member that does not own the partition any more. */
  commit(member: Member, place: { partition: number; offset: number }): boolean;
  join(member: Member): void;
  leave(member: Member): void;
  /** Deals the partitions anew. */
  rebalance(): void;
  crash(downMs: number): void;
}

export function createBroker(world: World, { partitions }: BrokerOptions): Broker {
  const { clock, chance, trace } = world;
  const logs: IncomingMessage[][] = Array.from({ length: partitions }, () => []);
  const offsets = new Array<number>(partitions).fill(0);
  const owners = new Array<Member | undefined>(partitions).fill(undefined);
  const growing = logs.map(() => Promise.withResolvers<void>());
  const members: Member[] = [];
  let isUp = true;
  let life = 0;
  let generation = 0;
  const rebalance = () => {
    generation += 1;
    const dealt = generation;
    for (let partition = 0; partition < partitions; partition += 1) owners[partition] = chance.pick(members);
    trace(() => `partitions are dealt to ${owners.map((owner) => owner?.name ?? 'nobody').join(', ')}`);
    for (const member of members) {
      const own = [...owners.keys()].filter((partition) => owners[partition] === member);
      // A member may learn late that a partition is no longer its own, and the next begin meanwhile.
      clock.after(world.calm || chance.happens(0.5) ? 0 : chance.between(0, 600), () => {
        if (dealt === generation) member.assign(own);
      });
    }
  };
  return {
    isUp: () => isUp,
    life: () => life,
    logs,
    append(partition, messages) {
      logs[partition]?.push(...messages);
      growing[partition]?.resolve();
      growing[partition] = Promise.withResolvers();
    },
    grown: (partition) => growing[partition]?.promise ?? Promise.resolve(),
    offset: (partition) => offsets[partition] ?? 0,
    commit(member, { partition, offset }) {
      if (owners[partition] !== member) return false;
      offsets[partition] = offset;
      return true;
    },
    join(member) {
      members.push(member);
      rebalance();
    },
    leave(member) {
      members.splice(members.indexOf(member), 1);
      rebalance();
    },
    rebalance,
    crash(downMs) {
      isUp = false;
      life += 1;
      clock.after(downMs, () => {
        isUp = true;
      });
    },
  };
}
