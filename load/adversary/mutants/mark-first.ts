import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import type { MutantContext } from './relays.ts';

/** Notes events as sent when it has read them. What fails between that and the acknowledgement is never sent again. */
export function markFirst({ openReal }: MutantContext): OutboxSession {
  const outbox = openReal();
  return {
    ...outbox,
    async read(cursors, limit) {
      const pages = await outbox.read(cursors, limit);
      await outbox.move(pages.map((page) => page.after));
      return pages;
    },
    move: async (cursors) => new Set(cursors.map((cursor) => cursor.partition)),
  };
}
