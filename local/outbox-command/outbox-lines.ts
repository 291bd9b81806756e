import type { OutboxStatus, ReplayAnswer } from '#contracts/outbox.ts';
import { counted } from '../counted.ts';
import { table } from '../print-table.ts';

/** The status as lines of a table. */
export function statusLines({ backlog, oldestAgeSeconds, partitions }: OutboxStatus): string[] {
  const age = oldestAgeSeconds === null ? '' : `, the first for ${oldestAgeSeconds.toFixed(1)} s`;
  const rows = partitions.map((p) => [p.partition, p.epoch, p.sequence, p.backlog, p.oldestAt ?? ''].map(String));
  return [
    backlog === 0
      ? 'Nothing waits: every event is acknowledged.'
      : `${counted(backlog, 'event')} ${backlog === 1 ? 'waits' : 'wait'}${age}.`,
    ...table([['partition', 'epoch', 'sequence', 'backlog', 'oldest'], ...rows]),
  ];
}

/** What a replay sends again, as lines of a table. */
export function replayLines({ events, partitions, keptAfter }: ReplayAnswer): string[] {
  const rows = partitions.map((p) => [String(p.partition), String(p.events)]);
  return [
    events === 0
      ? 'Nothing was sent from there on: no partition is put back.'
      : `${counted(events, 'event')} will be sent again.`,
    ...(keptAfter === null ? [] : [`Events up to ${keptAfter} are not kept any more.`]),
    ...(rows.length === 0 ? [] : table([['partition', 'events'], ...rows])),
  ];
}
