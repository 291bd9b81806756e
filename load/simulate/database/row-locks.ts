import type { Chance } from '../engine/chance.ts';

type Owner = object;

/** Locks of rows: one owner each, held until its transaction ends. */
export interface RowLocks {
  /** Resolves once the row is the owner's; which of those that wait is next is chance. */
  take(row: string, owner: Owner): Promise<void>;
  release(owner: Owner): void;
  clear(): void;
}

interface Waiting {
  readonly owner: Owner;
  readonly grant: () => void;
}

export function createRowLocks(chance: Chance): RowLocks {
  const owners = new Map<string, Owner>();
  const queues = new Map<string, Waiting[]>();
  const passOn = (row: string) => {
    const queue = queues.get(row) ?? [];
    const next = chance.pick(queue);
    if (!next) return owners.delete(row);
    queues.set(
      row,
      queue.filter((waiting) => waiting !== next),
    );
    owners.set(row, next.owner);
    return next.grant();
  };
  return {
    take(row, owner) {
      const held = owners.get(row);
      if (held === undefined) owners.set(row, owner);
      if (held === undefined || held === owner) return Promise.resolve();
      return new Promise((grant) => {
        queues.set(row, [...(queues.get(row) ?? []), { owner, grant }]);
      });
    },
    release(owner) {
      for (const [row, queue] of queues) {
        queues.set(
          row,
          queue.filter((waiting) => waiting.owner !== owner),
        );
      }
      for (const row of [...owners.keys()]) if (owners.get(row) === owner) passOn(row);
    },
    clear() {
      owners.clear();
      queues.clear();
    },
  };
}
