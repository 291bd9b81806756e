import type { Cursor } from '#platform/outbox/cursor.ts';
import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import type { Page } from '#platform/outbox/read-page.ts';
import { type Connection, connect } from '../engine/connection.ts';
import type { Host } from '../engine/host.ts';
import type { World } from '../engine/world.ts';
import type { DatabaseBackend } from './backend.ts';
import type { Database } from './database.ts';
import { type On, type RowPage, START, type Statements } from './statements.ts';
import { toMessage } from './to-message.ts';

export interface OutboxOptions {
  readonly host: Host;
  readonly database: Database;
  readonly statements: Statements;
  /** Rows of a page at most, whatever is asked for, and often fewer: so that windows have many pages, and differ. */
  readonly pageRows: number;
  /** Whether it connects anew when it is asked after a loss: a fault. */
  readonly reconnects?: boolean;
}

/** An outbox's session, and the means to break it. */
export interface ModelSession extends OutboxSession {
  cut(): void;
}

/** The model of openOutbox: one connection, and when it is lost every question is refused. */
export function openOutbox(world: World, options: OutboxOptions): ModelSession {
  const { host, database, statements, pageRows, reconnects } = options;
  const lost = new AbortController();
  const onLost = () => lost.abort(new Error('The session with the database was lost'));
  let connection: Connection<DatabaseBackend> | undefined;
  const run = <Answer>(statement: (on: On) => Answer): Promise<Answer> => {
    if (!connection || (reconnects && !connection.isOpen()))
      connection = connect(world, { host, server: database, onLost });
    return connection.ask((backend) => statement({ database, backend }));
  };
  return {
    lost: lost.signal,
    cut: () => connection?.cut(),
    async claim(partitions) {
      await run((on) => addCursors(on, partitions));
      const locked = await run((on) => statements.lock(on, partitions));
      if (locked.length === 0) return [];
      world.happened('claimed');
      return run((on) => statements.raiseEpochs(on, locked));
    },
    async read(cursors, limit) {
      const pages = new Map<number, Page>();
      const ask = async (asked: readonly Cursor[]) => {
        if (asked.length === 0) return;
        const found = await run((on) =>
          statements.readPages(on, asked, Math.min(limit, world.chance.integer(1, pageRows))),
        );
        for (const page of found) pages.set(page.after.partition, toPage(page));
      };
      await ask(cursors.filter(({ win }) => win === null));
      await ask(cursors.filter(({ win }) => win !== null));
      return cursors.flatMap(({ partition }) => pages.get(partition) ?? []);
    },
    move: (cursors) => run((on) => statements.move(on, cursors)),
    async [Symbol.asyncDispose]() {
      if (!lost.signal.aborted) await run(unlock).catch(() => undefined);
      connection?.end();
    },
  };
}

function addCursors({ database, backend }: On, partitions: readonly number[]): void {
  for (const partition of partitions) {
    if (!database.state().cursors.has(partition)) {
      backend.write((state) => void (state.cursors.has(partition) || state.cursors.set(partition, START)));
    }
  }
  backend.commit();
}

function unlock({ database: { advisoryLocks }, backend }: On): void {
  for (const [partition, owner] of advisoryLocks) if (owner === backend) advisoryLocks.delete(partition);
}

function toPage({ rows, after }: RowPage): Page {
  const first = after.sequence - rows.length + 1;
  const messages = rows.map((row, index) => toMessage(row, { epoch: after.epoch, sequence: first + index }));
  return { messages, after };
}
