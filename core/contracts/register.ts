import { z } from 'zod';
import { Money, RateBps } from './money.ts';
import { Instant, IsoDate, PartyId, Period, Product } from './words.ts';

/** One operation of an agent's register. The amounts of a cancellation are what it takes away: zero or below. */
export const RegisterLine = z
  .strictObject({
    line: z.int().positive(),
    operation: z.enum(['issued', 'cancelled']),
    product: Product,
    policyNumber: z.string(),
    contractDate: Instant,
    startsOn: IsoDate,
    endsOn: IsoDate,
    premium: Money,
    commissionRateBps: RateBps,
    commission: Money,
    toTransfer: Money.meta({ description: 'premium less commission' }),
    partner: PartyId,
    tariffVersion: z.int().positive(),
  })
  .meta({ id: 'RegisterLine' });
export type RegisterLine = z.infer<typeof RegisterLine>;

export const Register = z
  .strictObject({
    insurer: PartyId,
    period: Period,
    status: z.enum(['open', 'closed']),
    lines: z.array(RegisterLine),
    totals: z.strictObject({ count: z.int(), premium: Money, commission: Money, toTransfer: Money }),
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof Register>;

export const Accounts = z
  .strictObject({ accounts: z.array(z.strictObject({ id: z.string(), balance: Money })) })
  .meta({ id: 'Accounts' });
