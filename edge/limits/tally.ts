/** Who decided: tokens leased from the store, or this isolate alone, with the store away or none; an address is always its own. */
export const COUNTED = ['pool', 'alone', 'address'] as const;
export type Counted = (typeof COUNTED)[number];

/** What became of a call to the store for tokens: `none`: others had them all. */
export const LEASE_OUTCOMES = ['granted', 'none', 'failed'] as const;
export type LeaseOutcome = (typeof LEASE_OUTCOMES)[number];

/** What a limiter did since it was made. Plain numbers, because every hit of the cache pays for this. */
export interface Tally {
  readonly decisions: Readonly<Record<Counted, { admitted: number; refused: number }>>;
  readonly leases: Record<LeaseOutcome, number>;
  tokensLeased: number;
}

export const createTally = (): Tally => ({
  decisions: {
    pool: { admitted: 0, refused: 0 },
    alone: { admitted: 0, refused: 0 },
    address: { admitted: 0, refused: 0 },
  },
  leases: { granted: 0, none: 0, failed: 0 },
  tokensLeased: 0,
});
