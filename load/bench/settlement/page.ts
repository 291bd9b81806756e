import { POLICIES } from '#contracts/topics.ts';

/** Events of a batch: a page of the relay's. */
export const PAGE = 500;
/** At once, each in its order, as a consumer is handed them. */
export const PARTITIONS: number = POLICIES.partitions;
/** The gate of whatever books. */
export const BOOKED = 'the books hold what the events come to: transactions, lines, premiums, commissions, balances';
