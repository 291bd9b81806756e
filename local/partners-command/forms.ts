import { z } from 'zod';
import { KEY_DIGEST, PartnerTerms } from '#contracts/partner.ts';
import { PartyId, Region } from '#contracts/words.ts';
import type { Asking } from '../parse-form.ts';
import { word } from '../word.ts';

const partner = word(
  PartyId,
  'must be the id of a partner: 2 to 32 lower-case letters, digits and dashes, such as alfa',
);
const region = z
  .array(word(Region, 'must be the name of a region: 2 to 8 lower-case letters, such as msk'))
  .default([]);
const flag = z.boolean().default(false);

const LIMIT = 'must be requests a second, an integer from 1 to 100000';
const limit = z
  .string()
  .regex(/^\d{1,6}$/, LIMIT)
  .transform(Number)
  .refine((number) => PartnerTerms.shape.limitPerSecond.safeParse(number).success, LIMIT);

const SHARE = /^([a-z]{2,8})=(\d{1,2}|100)$/;
const share = z
  .array(z.string().regex(SHARE, 'must be REGION=PERCENT, a region and an integer from 0 to 100, such as msk=20'))
  .transform((words) => words.map((text) => SHARE.exec(text)?.slice(1) ?? []))
  .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, 'must name each region once')
  .transform((pairs): Shares => Object.fromEntries(pairs.map(([name, percent]) => [name, Number(percent)])))
  .refine((shares) => sumOf(shares) <= 100, {
    error: ({ input }) => `must add up to 100 or less, and adds up to ${sumOf(input as Shares)}`,
  });

/** Per cent of a partner's limit, by region. */
export type Shares = Readonly<Record<string, number>>;

export const sumOf = (shares: Shares): number => Object.values(shares).reduce((sum, percent) => sum + percent, 0);

/** What can be asked. */
export const FORMS = {
  show: { usage: 'show PARTNER', operands: ['partner'], schema: z.strictObject({ partner, region }) },
  limit: {
    usage: 'limit PARTNER LIMIT',
    operands: ['partner', 'limit'],
    schema: z.strictObject({ partner, limit, region }),
  },
  share: {
    usage: 'share PARTNER REGION=PERCENT... [--no-wait]',
    operands: ['partner', 'share...'],
    schema: z.strictObject({ partner, share, region, 'no-wait': flag }),
  },
  'rotate-key': {
    usage: 'rotate-key PARTNER [--drop-oldest] [--digest SHA256]',
    operands: ['partner'],
    schema: z.strictObject({
      partner,
      region,
      'drop-oldest': flag,
      digest: z.string().regex(KEY_DIGEST, 'must be the SHA-256 of a key, 64 lower-case hex digits').optional(),
    }),
  },
  'revoke-key': {
    usage: 'revoke-key PARTNER DIGITS',
    operands: ['partner', 'digits'],
    schema: z.strictObject({
      partner,
      region,
      digits: z
        .string()
        .regex(
          /^[0-9a-f]{8,64}$/,
          'must be the first digits of a SHA-256, 8 to 64 lower-case hex digits, as show prints them',
        ),
    }),
  },
} as const;

/** What `npm run partners -- ...` was asked for. No region: all that run here. */
export type Command = Asking<typeof FORMS>;

/** What a form takes. */
export type Asked<Name extends Command['form']> = Omit<Extract<Command, { form: Name }>, 'form' | 'region'>;
