import type { PolicyEvent } from '#contracts/events.ts';
import type { Parked, Turn } from '../../../settlement/intake/plan-batch.ts';
import { type Position, START } from '../../../settlement/positions/place-event.ts';
import { createRowLocks } from '../database/row-locks.ts';
import type { Backend, Server } from '../engine/connection.ts';
import type { World } from '../engine/world.ts';

/** A session's end at settlement's database. */
export interface LedgerBackend extends Backend {
  /** Holds a partition's position until the transaction ends. */
  lockPosition(partition: number): Promise<void>;
  write(change: (ledger: Committed) => void): void;
  /** Rejects, and writes nothing, if a constraint does not hold any more. */
  commit(): void;
  rollback(): void;
}

/** What the books say. */
export interface Committed {
  readonly positions: Map<number, Position>;
  /** In the order in which they were booked. */
  readonly entries: PolicyEvent[];
  readonly parked: Parked[];
  readonly turns: Turn[];
}

/** Settlement's Postgres, as far as books go: transactions that hold a position, unique events, crashes. */
export interface Ledger extends Server<LedgerBackend> {
  readonly committed: Committed;
  readonly position: (partition: number) => Position;
  crash(downMs: number): void;
}

export function createLedger(world: World): Ledger {
  const committed: Committed = { positions: new Map(), entries: [], parked: [], turns: [] };
  const locks = createRowLocks(world.chance);
  const backends = new Set<LedgerBackend>();
  let isUp = true;
  const accept = (): LedgerBackend => {
    const onClose: (() => void)[] = [];
    let changes: ((ledger: Committed) => void)[] = [];
    const end = () => {
      changes = [];
      locks.release(backend);
    };
    const backend: LedgerBackend = {
      isOpen: () => backends.has(backend),
      onClose: (action) => void onClose.push(action),
      lockPosition: (partition) => locks.take(String(partition), backend),
      write: (change) => void changes.push(change),
      commit() {
        for (const change of changes) change(committed);
        end();
      },
      rollback: end,
      close() {
        if (!backends.delete(backend)) return;
        end();
        for (const action of onClose) action();
      },
    };
    backends.add(backend);
    return backend;
  };
  return {
    committed,
    isUp: () => isUp,
    accept,
    position: (partition) => committed.positions.get(partition) ?? START,
    crash(downMs) {
      isUp = false;
      for (const backend of [...backends]) backend.close();
      world.clock.after(downMs, () => {
        isUp = true;
      });
    },
  };
}
