import type { OutboxStatus, ReplayAnswer } from '#contracts/outbox.ts';

/** The status as lines of a table. */
export function statusLines({ backlog, oldestAgeSeconds, partitions }: OutboxStatus): string[] {
  const age = oldestAgeSeconds === null ? '' : `, the first for ${oldestAgeSeconds.toFixed(1)} s`;
  const rows = partitions.map((p) => [p.partition, p.epoch, p.sequence, p.backlog, p.oldestAt ?? ''].map(String));
  return [
    backlog === 0
      ? 'Nothing waits: every event is acknowledged.'
      : `${count(backlog)} ${backlog === 1 ? 'waits' : 'wait'}${age}.`,
    ...table([['partition', 'epoch', 'sequence', 'backlog', 'oldest'], ...rows]),
  ];
}

/** What a replay sends again, as lines of a table. */
export function replayLines({ events, partitions, keptAfter }: ReplayAnswer): string[] {
  const rows = partitions.map((p) => [String(p.partition), String(p.events)]);
  return [
    events === 0 ? 'Nothing was sent from there on: no partition is put back.' : `${count(events)} will be sent again.`,
    ...(keptAfter === null ? [] : [`Events up to ${keptAfter} are not kept any more.`]),
    ...(rows.length === 0 ? [] : table([['partition', 'events'], ...rows])),
  ];
}

const count = (events: number) => (events === 1 ? '1 event' : `${events} events`);

/** Numbers to the right. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padStart(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
