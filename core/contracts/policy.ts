import { z } from 'zod';
import { Money } from './money.ts';
import { plainText } from './plain-text.ts';
import { Instant, IsoDate, PartyId, Product, Region } from './words.ts';

/** Who buys. Personal data: it stays in core's database of its region. */
export const Holder = z
  .strictObject({
    fullName: plainText({ least: 2, most: 200 }),
    birthDate: IsoDate,
    phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be in E.164 form, such as +79991234567'),
    email: z.email().max(254),
  })
  .meta({ id: 'Holder' });
export type Holder = z.infer<typeof Holder>;

/** The body of `POST /v1/policies`. */
export const IssueRequest = z
  .strictObject({ offer: z.string().min(1).max(4096), holder: Holder, startsOn: IsoDate })
  .meta({ id: 'IssueRequest' });
export type IssueRequest = z.infer<typeof IssueRequest>;

/** The body of `POST /v1/policies/{id}/cancel`. The reason may name people: it stays in core's database. */
export const CancelRequest = z
  .strictObject({ reason: plainText({ least: 1, most: 500 }) })
  .meta({ id: 'CancelRequest' });
export type CancelRequest = z.infer<typeof CancelRequest>;

/** RFC draft idempotency-key-header: any visible ASCII, long enough to be unique. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 visible ASCII characters');

export const Policy = z
  .strictObject({
    id: z.string().meta({ example: 'msk-0198f2d4-7c1e-7a5b-9c3d-2e1f0a9b8c7d' }),
    number: z.string().meta({ example: 'MSK-0000001001' }),
    status: z.enum(['issued', 'cancelled']),
    insurer: PartyId,
    product: Product,
    premium: Money,
    commission: Money.optional().meta({ description: "the partner's own" }),
    region: Region,
    tariffVersion: z.int().positive(),
    startsOn: IsoDate,
    endsOn: IsoDate,
    issuedAt: Instant,
    cancelledAt: Instant.optional().meta({ description: 'of a cancelled policy' }),
    refund: Money.optional().meta({ description: 'of a cancelled policy: what the buyer gets back' }),
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof Policy>;

/** A page of a partner's own policies, newest first. */
export const Policies = z
  .strictObject({ items: z.array(Policy), nextCursor: z.string().optional() })
  .meta({ id: 'Policies' });
export type Policies = z.infer<typeof Policies>;
