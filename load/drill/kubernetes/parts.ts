/** What `npm run drill -- kubernetes` does, in this order. The last two need the scale test alone, the others a region. */
export const PARTS = ['region', 'restart', 'delete', 'evict', 'memory', 'requests'] as const;
export type Part = (typeof PARTS)[number];
