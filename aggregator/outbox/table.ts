import { outboxCursorTable, outboxProgressTable, outboxRetiredTable, outboxTable } from '#platform/outbox/table.ts';
import { aggregator } from '../schema.ts';

export const outbox = outboxTable(aggregator);
export const outboxCursor = outboxCursorTable(aggregator);
export const outboxProgress = outboxProgressTable(aggregator);
export const outboxRetired = outboxRetiredTable(aggregator);
