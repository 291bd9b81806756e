import { outboxCursorTable, outboxProgressTable, outboxRetiredTable, outboxTable } from '#platform/outbox/table.ts';
import { core } from '../schema.ts';

export const outbox = outboxTable(core);
export const outboxCursor = outboxCursorTable(core);
export const outboxProgress = outboxProgressTable(core);
export const outboxRetired = outboxRetiredTable(core);
