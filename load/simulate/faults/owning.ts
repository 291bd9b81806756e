import type { DatabaseBackend } from '../database/backend.ts';
import type { ModelSession } from '../database/open-outbox.ts';
import { cursorOf, isOld, retireOldest, type Statements, writeCursors } from '../database/statements.ts';
import type { Host } from '../engine/host.ts';
import type { Fault, Parts } from '../parts.ts';

const stating = (parts: Parts, statements: Partial<Statements>): Parts => ({
  ...parts,
  statements: { ...parts.statements, ...statements },
});

export const reconnecting: Fault = {
  name: 'reconnecting',
  does: 'goes on over another connection when its own is lost, with snapshots of a server that has crashed since',
  plant: (parts) => ({
    ...parts,
    openOutbox: (world, options) => parts.openOutbox(world, { ...options, reconnects: true }),
  }),
};

export const epochKept: Fault = {
  name: 'epoch-kept',
  does: 'takes a partition over without a new epoch',
  plant: (parts) =>
    stating(parts, {
      raiseEpochs: ({ database }, partitions) =>
        partitions.map((partition) => {
          const row = cursorOf(database, partition);
          return { ...row, partition, epoch: Math.max(1, row.epoch), lastId: String(row.lastId) };
        }),
      move: ({ database, backend }, cursors) => {
        const own = cursors.filter(
          ({ partition, epoch }) => Math.max(1, cursorOf(database, partition).epoch) === epoch,
        );
        writeCursors(backend, own);
        backend.commit({ flushed: false });
        return new Set(own.map(({ partition }) => partition));
      },
    }),
};

export const moveUnfenced: Fault = {
  name: 'move-unfenced',
  does: 'moves a cursor whatever its epoch is now, and over whatever connection',
  plant: (parts) =>
    stating(reconnecting.plant(parts), {
      move({ database, backend }, cursors) {
        const blind = cursors.map((cursor) => ({ ...cursor, epoch: cursorOf(database, cursor.partition).epoch }));
        writeCursors(backend, blind);
        backend.commit({ flushed: false });
        return new Set(cursors.map(({ partition }) => partition));
      },
    }),
};

export const resendUnderEpoch: Fault = {
  name: 'resend-under-epoch',
  does: 'reads and sends again under the same epoch when an acknowledgement is unknown',
  plant(parts) {
    const raised = new WeakMap<DatabaseBackend, Set<number>>();
    const kept = new WeakMap<Host, ModelSession>();
    const planted = stating(parts, {
      raiseEpochs(on, partitions) {
        const own = raised.get(on.backend) ?? new Set();
        raised.set(on.backend, own);
        const known = partitions.filter((partition) => own.has(partition));
        const fresh = partitions.filter((partition) => !own.has(partition));
        for (const partition of fresh) own.add(partition);
        const asTheyAre = known.map((partition) => {
          const row = cursorOf(on.database, partition);
          return { ...row, partition, lastId: String(row.lastId) };
        });
        return [...asTheyAre, ...parts.statements.raiseEpochs(on, fresh)];
      },
    });
    return {
      ...planted,
      openOutbox(world, options) {
        const before = kept.get(options.host);
        const session = before && !before.lost.aborted ? before : parts.openOutbox(world, options);
        kept.set(options.host, session);
        const end = () => (session.lost.aborted ? session[Symbol.asyncDispose]() : Promise.resolve());
        return { ...session, [Symbol.asyncDispose]: end };
      },
    };
  },
};

export const deafToLoss: Fault = {
  name: 'deaf-to-loss',
  does: 'goes on sending when its session is lost and its cursor fenced',
  plant: (parts) => ({
    ...parts,
    openOutbox(world, options) {
      const session = parts.openOutbox(world, { ...options, reconnects: true });
      return {
        ...session,
        lost: new AbortController().signal,
        async move(cursors) {
          await session.move(cursors);
          return new Set(cursors.map(({ partition }) => partition));
        },
      };
    },
  }),
};

export const clockRetention: Fault = {
  name: 'clock-retention',
  does: 'drops what is old, sent or not',
  plant: (parts) => stating(parts, { retire: (on, { keepMs }) => retireOldest(on, (rows) => isOld(on, rows, keepMs)) }),
};
