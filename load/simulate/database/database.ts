import type { Server } from '../engine/connection.ts';
import type { World } from '../engine/world.ts';
import { type DatabaseBackend, openBackend } from './backend.ts';
import { createLog, type Log } from './log.ts';
import { createRowLocks, type RowLocks } from './row-locks.ts';
import { freshState, type OutboxRow, type State } from './state.ts';
import { createXids, type Xids } from './xids.ts';

/** A Postgres, as far as an outbox goes: transactions, snapshots, row and advisory locks, a sequence, a log, crashes. */
export interface Database extends Server<DatabaseBackend> {
  readonly world: World;
  readonly xids: Xids;
  readonly log: Log;
  readonly rowLocks: RowLocks;
  /** Who holds which partition. */
  readonly advisoryLocks: Map<number, DatabaseBackend>;
  readonly backends: Set<DatabaseBackend>;
  /** What is committed now. */
  readonly state: () => State;
  /** Every row that was ever committed, whatever became of it since. */
  readonly history: OutboxRow[];
  nextId(): number;
  readonly lastId: () => number;
  /** Ends at once, and comes back after a while. What was not flushed may be gone. */
  crash(downMs: number): void;
}

/** A sequence is logged this far ahead, and a crash skips the rest: SEQ_LOG_VALS of Postgres. */
const SEQUENCE_AHEAD = 32;

export function createDatabase(world: World): Database {
  let state = freshState();
  let nextId = 1;
  let isUp = true;
  const database: Database = {
    world,
    xids: createXids(),
    log: createLog(world.chance),
    rowLocks: createRowLocks(world.chance),
    advisoryLocks: new Map(),
    backends: new Set(),
    history: [],
    state: () => state,
    isUp: () => isUp,
    accept: () => openBackend(database),
    lastId: () => nextId - 1,
    nextId() {
      const id = nextId;
      nextId += 1;
      if (id > state.loggedId) logSequence(database, id + SEQUENCE_AHEAD);
      return id;
    },
    crash(downMs) {
      isUp = false;
      const recovered = database.log.recover();
      for (const backend of database.backends) backend.abandon();
      state = recovered.state;
      nextId = state.loggedId + 1;
      database.xids.restart(recovered.lastXid);
      world.clock.after(downMs, () => {
        isUp = true;
      });
    },
  };
  return database;
}

function logSequence({ state, log }: Database, loggedId: number): void {
  const change = (of: State) => {
    of.loggedId = loggedId;
  };
  change(state());
  log.append(0, [change]);
}
