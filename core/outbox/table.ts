import { outboxCursorTable, outboxTable } from '#platform/outbox/table.ts';
import { core } from '../schema.ts';

export const outbox = outboxTable(core);
export const outboxCursor = outboxCursorTable(core);
