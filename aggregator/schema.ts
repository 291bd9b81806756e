import { pgSchema } from 'drizzle-orm/pg-core';

/** ins-product-aggregator's own schema; no other service reads it. */
export const aggregator = pgSchema('aggregator');
