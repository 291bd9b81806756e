import { pgSchema } from 'drizzle-orm/pg-core';

/** ins-comp-settlement's own schema; no other service reads it. */
export const settlement = pgSchema('settlement');
