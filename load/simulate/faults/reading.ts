import type { DatabaseBackend } from '../database/backend.ts';
import type { Database } from '../database/database.ts';
import { fromText, sees } from '../database/snapshot.ts';
import { cursorOf, type RowPage, rowsOf, type Statements } from '../database/statements.ts';
import type { Fault, Parts } from '../parts.ts';

type Read = Statements['readPages'];

const reading = (parts: Parts, readPages: Read): Parts => ({
  ...parts,
  statements: { ...parts.statements, readPages },
});

export const idAfterLast: Fault = {
  name: 'id-after-last',
  does: 'reads the rows with an id above the last',
  plant: (parts) =>
    reading(parts, ({ database }, cursors, limit) =>
      cursors.map((cursor): RowPage => {
        const rows = rowsOf(database, cursor.partition)
          .filter(({ id }) => id > Number(cursor.lastId))
          .slice(0, limit);
        const lastId = String(rows.at(-1)?.id ?? cursor.lastId);
        return { rows, after: { ...cursor, sequence: cursor.sequence + rows.length, lastId } };
      }),
    ),
};

export const xidCursor: Fault = {
  name: 'xid-cursor',
  does: 'reads below xmin in the order of xid',
  plant: (parts) =>
    reading(parts, ({ database }, cursors, limit) =>
      cursors.map((cursor): RowPage => {
        const { xmin } = database.xids.snapshot();
        const { xmax: lastXid } = fromText(cursor.done);
        const rows = rowsOf(database, cursor.partition)
          .filter(({ xid, id }) => xid < xmin && (xid > lastXid || (xid === lastXid && id > Number(cursor.lastId))))
          .sort((a, b) => a.xid - b.xid)
          .slice(0, limit);
        const last = rows.at(-1);
        const place = last ? { done: `${last.xid}:${last.xid}:`, lastId: String(last.id) } : {};
        return { rows, after: { ...cursor, ...place, sequence: cursor.sequence + rows.length } };
      }),
    ),
};

export const xidWindows: Fault = {
  name: 'xid-windows',
  does: 'reads all below xmin at a time, in the order of ids',
  plant: (parts) =>
    reading(parts, ({ database }, cursors) =>
      cursors.map((cursor): RowPage => {
        const { xmin } = database.xids.snapshot();
        const seen = fromText(cursor.done);
        const rows = rowsOf(database, cursor.partition).filter(({ xid }) => xid < xmin && !sees(seen, xid));
        return { rows, after: { ...cursor, done: `${xmin}:${xmin}:`, sequence: cursor.sequence + rows.length } };
      }),
    ),
};

export const fullPageEndsWindow: Fault = {
  name: 'full-page-ends-window',
  does: 'takes a window for read when its first page is full',
  plant: (parts) =>
    reading(parts, (on, cursors, limit) =>
      parts.statements.readPages(on, cursors, limit).map(({ rows, after }) => ({
        rows,
        after: { ...after, done: after.win ?? after.done, win: null, lastId: '0' },
      })),
    ),
};

export const markBeforeSend: Fault = {
  name: 'mark-before-send',
  does: 'moves the cursor when it reads, before it sends',
  plant: (parts) =>
    reading(parts, (on, cursors, limit) => {
      const pages = parts.statements.readPages(on, cursors, limit);
      parts.statements.move(
        on,
        pages.map(({ after }) => after),
      );
      return pages;
    }),
};

/** Rows that a session reads are locked for it, until it has marked them as sent or is gone. */
interface Marks {
  readonly locked: Map<string, DatabaseBackend>;
  readonly sent: Set<string>;
  readonly numbers: Map<number, number>;
}

export const skipLocked: Fault = {
  name: 'skip-locked',
  does: 'shares partitions between relays by FOR UPDATE SKIP LOCKED',
  plant(parts) {
    const all = new WeakMap<Database, Marks>();
    const marksOf = (database: Database): Marks => {
      const marks = all.get(database) ?? { locked: new Map(), sent: new Set(), numbers: new Map() };
      all.set(database, marks);
      return marks;
    };
    const statements: Statements = {
      ...parts.statements,
      lock: (_on, partitions) => [...partitions],
      raiseEpochs: ({ database }, partitions) =>
        partitions.map((partition) => ({ ...cursorOf(database, partition), partition, epoch: 1, lastId: '' })),
      readPages({ database, backend }, cursors, limit) {
        const { locked, sent, numbers } = marksOf(database);
        return cursors.map((cursor) => {
          const rows = rowsOf(database, cursor.partition)
            .filter(({ eventId }) => !sent.has(eventId) && !locked.get(eventId)?.isOpen())
            .slice(0, limit);
          for (const { eventId } of rows) locked.set(eventId, backend);
          const sequence = (numbers.get(cursor.partition) ?? 0) + rows.length;
          numbers.set(cursor.partition, sequence);
          return { rows, after: { ...cursor, sequence, lastId: rows.map(({ eventId }) => eventId).join() } };
        });
      },
      move({ database }, cursors) {
        for (const { lastId } of cursors) for (const eventId of lastId.split(',')) marksOf(database).sent.add(eventId);
        return new Set(cursors.map(({ partition }) => partition));
      },
    };
    return { ...parts, statements };
  },
};
