import type { Backend } from '../engine/connection.ts';
import type { Database } from './database.ts';
import type { Change, OutboxRow } from './state.ts';

/** A session's end at the server, with at most one transaction. */
export interface DatabaseBackend extends Backend {
  /** The transaction's xid, taken now if it has none: it may be long before anything else is written. */
  xid(): number;
  /** Writes in the transaction. */
  write(change: Change): void;
  insert(row: Omit<OutboxRow, 'xid' | 'isStray'>): void;
  /** Rows of others are in the way until the transaction ends. */
  lockRow(row: string): Promise<void>;
  /** Ends the transaction. One that is not flushed is seen all the same, until a crash may take it back. */
  commit(options?: { flushed: boolean }): void;
  rollback(): void;
  /** The transaction has rows in the outbox's table, which keep a piece of it from being dropped. */
  readonly hasRows: () => boolean;
  /** Closes as a crash does, with nothing noted. */
  abandon(): void;
}

interface Transaction {
  xid: number | undefined;
  readonly changes: Change[];
  readonly rows: OutboxRow[];
}

const begin = (): Transaction => ({ xid: undefined, changes: [], rows: [] });

export function openBackend(database: Database): DatabaseBackend {
  const { xids, log, rowLocks, advisoryLocks, backends, history, state } = database;
  const onClose: (() => void)[] = [];
  let transaction = begin();
  const end = () => {
    if (transaction.xid !== undefined) xids.end(transaction.xid);
    transaction = begin();
    rowLocks.release(backend);
  };
  const close = (finish: () => void) => {
    if (!backends.has(backend)) return;
    finish();
    backends.delete(backend);
    for (const [partition, owner] of advisoryLocks) if (owner === backend) advisoryLocks.delete(partition);
    for (const action of onClose) action();
  };
  const backend: DatabaseBackend = {
    isOpen: () => backends.has(backend),
    onClose: (action) => void onClose.push(action),
    hasRows: () => transaction.rows.length > 0,
    xid() {
      transaction.xid ??= xids.next();
      return transaction.xid;
    },
    write(change) {
      transaction.changes.push(change);
      log.append(backend.xid());
    },
    insert(given) {
      const row = { ...given, xid: backend.xid(), isStray: given.id < state().retiredBelow };
      transaction.rows.push(row);
      backend.write((of) => void of.rows.push(row));
    },
    lockRow: (row) => rowLocks.take(row, backend),
    commit({ flushed } = { flushed: true }) {
      const { xid, changes, rows } = transaction;
      if (xid !== undefined) log.append(xid, changes);
      if (flushed) log.flush();
      for (const change of changes) change(state());
      history.push(...rows);
      end();
    },
    rollback() {
      if (transaction.xid !== undefined) log.append(transaction.xid);
      end();
    },
    close: () => close(() => backend.rollback()),
    abandon: () => close(end),
  };
  backends.add(backend);
  return backend;
}
