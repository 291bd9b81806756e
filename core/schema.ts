import { pgSchema } from 'drizzle-orm/pg-core';

/** core-app's own schema; no other service reads it. */
export const core = pgSchema('core');
