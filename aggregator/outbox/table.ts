import { outboxCursorTable, outboxTable } from '#platform/outbox/table.ts';
import { aggregator } from '../schema.ts';

export const outbox = outboxTable(aggregator);
export const outboxCursor = outboxCursorTable(aggregator);
