import type { Cursor } from '#platform/outbox/cursor.ts';
import type { DatabaseBackend } from './backend.ts';
import type { Database } from './database.ts';
import { fromText, sees, toText } from './snapshot.ts';
import type { CursorRow, OutboxRow } from './state.ts';

/** A page of a partition, before it is put into words. */
export interface RowPage {
  readonly rows: readonly OutboxRow[];
  readonly after: Cursor;
}

/** A statement's arguments: who runs it, on what. */
export interface On {
  readonly database: Database;
  readonly backend: DatabaseBackend;
}

/**
 * What the outbox asks its database, a transaction each; the laws are those of read-page.ts, cursor.ts and the
 * migration's outbox_retire. Each can be planted with a fault by itself.
 */
export interface Statements {
  /** Takes the partitions that nobody holds, for as long as the session lives. */
  lock(on: On, partitions: readonly number[]): number[];
  raiseEpochs(on: On, partitions: readonly number[]): Cursor[];
  readPages(on: On, cursors: readonly Cursor[], limit: number): RowPage[];
  move(on: On, cursors: readonly Cursor[]): Set<number>;
  /** Drops the oldest piece of the table, if it may go. */
  retire(on: On, options: { keepMs: number }): boolean;
}

/** Ids of a piece of the table: a million there, few enough here that pieces go in every run. */
export const PIECE_IDS = 6;

export const START: CursorRow = { epoch: 0, sequence: 0, done: '1:1:', win: null, lastId: 0 };

export const cursorOf = ({ state }: Database, partition: number): CursorRow => state().cursors.get(partition) ?? START;

/** Rows of a partition in the order of ids. */
export const rowsOf = ({ state }: Database, partition: number): OutboxRow[] =>
  state()
    .rows.filter((row) => row.partition === partition)
    .sort((a, b) => a.id - b.id);

export const STATEMENTS: Statements = {
  lock({ database: { advisoryLocks }, backend }, partitions) {
    const taken = partitions.filter((partition) => (advisoryLocks.get(partition) ?? backend) === backend);
    for (const partition of taken) advisoryLocks.set(partition, backend);
    return taken;
  },
  raiseEpochs({ database, backend }, partitions) {
    const claimed = partitions.map((partition) => {
      const row = cursorOf(database, partition);
      return { ...row, partition, epoch: row.epoch + 1, lastId: String(row.lastId) };
    });
    writeCursors(backend, claimed);
    backend.commit();
    return claimed;
  },
  readPages: ({ database }, cursors, limit) => cursors.map((cursor) => readPage(database, cursor, limit)),
  move({ database, backend }, cursors) {
    const own = cursors.filter(({ partition, epoch }) => cursorOf(database, partition).epoch === epoch);
    writeCursors(backend, own);
    backend.commit({ flushed: false });
    return new Set(own.map(({ partition }) => partition));
  },
  retire: (on, { keepMs }) =>
    retireOldest(on, (rows) => isOld(on, rows, keepMs) && rows.every((row) => isSent(on, row))),
};

/** Writes cursors as they are told, in the backend's transaction. */
export function writeCursors(backend: DatabaseBackend, cursors: readonly Cursor[]): void {
  for (const { partition, epoch, sequence, done, win, lastId } of cursors) {
    backend.write((state) => state.cursors.set(partition, { epoch, sequence, done, win, lastId: Number(lastId) }));
  }
}

function readPage(database: Database, cursor: Cursor, limit: number): RowPage {
  const done = fromText(cursor.done);
  const now = toText(database.xids.snapshot());
  const window = cursor.win === null ? undefined : fromText(cursor.win);
  const rows = rowsOf(database, cursor.partition)
    .filter((row) => !sees(done, row.xid))
    .filter((row) => !window || (row.id > Number(cursor.lastId) && sees(window, row.xid)))
    .slice(0, limit);
  const sequence = cursor.sequence + rows.length;
  const win = cursor.win ?? now;
  const last = rows.at(-1);
  if (last && rows.length === limit) return { rows, after: { ...cursor, sequence, win, lastId: String(last.id) } };
  return { rows, after: { ...cursor, sequence, done: win, win: null, lastId: '0' } };
}

/** Drops the oldest piece with all its rows but strays, if its ids are taken, it may go, and nobody is writing. */
export function retireOldest({ database, backend }: On, mayGo: (rows: readonly OutboxRow[]) => boolean): boolean {
  const upper = database.state().retiredBelow + PIECE_IDS;
  const rows = database.state().rows.filter((row) => row.id < upper && !row.isStray);
  if (upper > database.lastId() || !mayGo(rows)) return false;
  if ([...database.backends].some((other) => other.hasRows())) return false;
  backend.write((state) => {
    state.rows = state.rows.filter((row) => row.id >= upper || row.isStray);
    state.retiredBelow = upper;
  });
  backend.commit();
  return true;
}

export const isOld = ({ database }: On, rows: readonly OutboxRow[], keepMs: number): boolean =>
  rows.every((row) => row.occurredAt < database.world.clock.now() - keepMs);

function isSent({ database }: On, row: OutboxRow): boolean {
  const cursor = cursorOf(database, row.partition);
  if (sees(fromText(cursor.done), row.xid)) return true;
  return cursor.win !== null && row.id <= cursor.lastId && sees(fromText(cursor.win), row.xid);
}
