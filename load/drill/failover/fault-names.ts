/** What can befall a region. */
export const FAULT_NAMES = ['crash', 'hang', 'database-away', 'drain'] as const;
export type FaultName = (typeof FAULT_NAMES)[number];
