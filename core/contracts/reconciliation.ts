import { z } from 'zod';
import { Money } from './money.ts';
import { IsoDate, PartyId, Period } from './words.ts';

const Amounts = z.strictObject({ premium: Money, commission: Money });

/**
 * Where core, the ledger and the register do not say the same.
 *
 * | kind | means |
 * |---|---|
 * | `missing` | core did it, the ledger does not have it; `deadLetter` when its event is parked |
 * | `unknown` | the ledger has it, core's day does not |
 * | `amounts` | both have it, with other amounts |
 * | `register` | the register's line is missing, without a booking, or of other amounts than the ledger's |
 * | `uncounted` | more differ on this day at this insurer than can be named |
 * | `not-told` | core has not closed this day yet, and days before it are closed |
 */
export const Difference = z
  .strictObject({
    kind: z.enum(['missing', 'unknown', 'amounts', 'register', 'uncounted', 'not-told']),
    day: IsoDate,
    insurer: PartyId.optional(),
    policyId: z.string().optional(),
    operation: z.enum(['issued', 'cancelled']).optional(),
    core: Amounts.optional(),
    ledger: Amounts.optional(),
    register: Amounts.optional(),
    deadLetter: z.string().optional().meta({ description: 'id of the dead letter that holds its event' }),
    detail: z.string(),
  })
  .meta({ id: 'Difference' });
export type Difference = z.infer<typeof Difference>;

/** What one side says: operations, and what they came to; cancellations are taken off the amounts. */
const SideTotals = z.strictObject({
  issued: z.int().nonnegative(),
  cancelled: z.int().nonnegative(),
  premium: Money,
  commission: Money,
});
export type SideTotals = z.infer<typeof SideTotals>;

/** `GET /v1/reconciliation?period=`: the days of a month that core has closed, on all three sides. */
export const Reconciliation = z
  .strictObject({
    period: Period,
    daysClosed: z.int().nonnegative().meta({ description: 'days of the month that core has told' }),
    differences: z.array(Difference),
    totals: z.strictObject({ core: SideTotals, ledger: SideTotals, register: SideTotals }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof Reconciliation>;
