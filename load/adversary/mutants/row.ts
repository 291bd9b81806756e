import type { Cursor } from '#platform/outbox/cursor.ts';
import type { Page } from '#platform/outbox/read-page.ts';

/** A row of the outbox as the naive outboxes read it. `id` and `xid` as text. */
export interface Row {
  readonly id: string;
  readonly xid: string;
  readonly key: string;
  readonly head: object;
  readonly data: string;
}

/** The columns of a Row, of a table `o`. */
export const COLUMNS = `o.id::text as id, o.xid::text as xid, o.key, o.data, jsonb_build_object('eventId', o.event_id,
  'type', o.type, 'aggregateId', o.aggregate_id, 'aggregateVersion', o.aggregate_version, 'traceparent', o.traceparent,
  'occurredAt', to_char(o.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as head`;

/** Rows as they are sent, numbered from the cursor on. */
export function toPage(cursor: Cursor, rows: readonly Row[]): Page {
  const { partition, epoch, sequence } = cursor;
  const messages = rows.map(({ key, head, data }, index) => {
    const envelope = JSON.stringify({ ...head, region: 'msk', partition, epoch, sequence: sequence + index + 1 });
    return { partition, key, value: `${envelope.slice(0, -1)},"data":${data}}` };
  });
  return { messages, after: { ...cursor, sequence: sequence + rows.length } };
}
