import { z } from 'zod';
import { Money, RateBps } from './money.ts';
import { plainText } from './plain-text.ts';
import { Instant, IsoDate, PartyId, Period, Product } from './words.ts';

/**
 * One operation of an agent's register. The amounts of a cancellation are what it takes away: zero or below. An adjustment is
 * an issue or a cancellation of an earlier month, told after that was closed; its comment says which.
 */
export const RegisterLine = z
  .strictObject({
    line: z.int().positive(),
    product: Product,
    policyNumber: z.string(),
    contractDate: Instant,
    startsOn: IsoDate,
    endsOn: IsoDate,
    premium: Money,
    currency: z.literal('RUB').meta({ description: 'of all amounts of the line' }),
    commissionRateBps: RateBps,
    commission: Money,
    toTransfer: Money.meta({ description: 'premium less commission' }),
    partner: PartyId,
    operation: z.enum(['issued', 'cancelled', 'adjustment']),
    earlierPolicy: z
      .string()
      .nullable()
      .meta({ description: 'number of the policy that was issued before and is cancelled by this' }),
    comment: z.string().meta({ example: 'cancelled on 2026-11-05' }),
    tariffVersion: z.int().positive(),
  })
  .meta({ id: 'RegisterLine' });
export type RegisterLine = z.infer<typeof RegisterLine>;

const RegisterTotals = z
  .strictObject({ count: z.int().nonnegative(), premium: Money, commission: Money, toTransfer: Money })
  .meta({ id: 'RegisterTotals' });
export type RegisterTotals = z.infer<typeof RegisterTotals>;

/** SHA-256 of the register's CSV as it is sent, without a byte order mark: `sha256sum` of the file says the same. */
const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: "SHA-256 of the register's CSV without a byte order mark, hex" });

/** `closedAt` and `digest` of a closed one, which never changes. */
export const Register = z
  .strictObject({
    insurer: PartyId,
    period: Period,
    status: z.enum(['open', 'closed']),
    closedAt: Instant.optional(),
    digest: Digest.optional(),
    lines: z.array(RegisterLine),
    totals: RegisterTotals,
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof Register>;

/** Who does it and why, as an operator says it: they share one token, so nothing else tells. */
export const operator = {
  by: plainText({ least: 1, most: 100 })
    .default('operator')
    .meta({ description: 'who does it, for the audit', example: 'anna' }),
  reason: plainText({ least: 1, most: 500 }).meta({ description: 'why, for the audit' }),
};

/** `POST /v1/registers/{insurer}/{period}/close`. */
export const CloseRequest = z
  .strictObject({
    by: operator.by,
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'close it although the month is not over, events are missing or dead letters wait' }),
    reason: operator.reason.optional(),
  })
  .refine(({ force, reason }) => !force || reason !== undefined, {
    path: ['reason'],
    message: 'must say why a register is closed by force',
  })
  .meta({ id: 'CloseRequest' });
export type CloseRequest = z.infer<typeof CloseRequest>;

/** A closed register without its lines. `forced` when it was closed against the findings named. */
export const ClosedRegister = z
  .strictObject({
    insurer: PartyId,
    period: Period,
    status: z.literal('closed'),
    closedAt: Instant,
    closedBy: z.string(),
    digest: Digest,
    totals: RegisterTotals,
    forced: z.strictObject({ reason: z.string(), findings: z.array(z.string()) }).optional(),
  })
  .meta({ id: 'ClosedRegister' });
export type ClosedRegister = z.infer<typeof ClosedRegister>;

export const Accounts = z
  .strictObject({ accounts: z.array(z.strictObject({ id: z.string(), balance: Money })) })
  .meta({ id: 'Accounts' });
