import { z } from 'zod';
import { DeadLetterStatus } from '#contracts/dead-letter.ts';
import { operator } from '#contracts/register.ts';
import { PartyId, Period } from '#contracts/words.ts';
import type { Asking } from '../parse-form.ts';
import { word } from '../word.ts';

const insurer = word(
  PartyId,
  'must be the id of an insurer: 2 to 32 lower-case letters, digits and dashes, such as volga',
);
const period = word(Period, 'must be a month, yyyy-mm, such as 2026-11');
const id = z.string().regex(/^[1-9]\d{0,14}$/, 'must be the number of a dead letter, as dead-letters shows it');
const reason = word(operator.reason, 'must be a text of 1 to 500 characters');
const by = word(operator.by, 'must be a name of 1 to 100 characters').optional();
const file = z.string().min(1, 'must name a file');
const region = z.string().optional();
const flag = z.boolean().default(false);
const all = z.literal(true);
const statuses = [...DeadLetterStatus.options, 'all'] as const;

/** What can be asked. */
export const FORMS = {
  register: {
    usage: 'register INSURER PERIOD [--all] | register INSURER PERIOD --csv [--bom] [--out FILE]',
    operands: ['insurer', 'period'],
    schema: z
      .strictObject({ insurer, period, region, all: flag, csv: flag, bom: flag, out: file.optional() })
      .refine(({ csv, bom }) => csv || !bom, { path: ['bom'], message: 'needs --csv' })
      .refine(({ csv, out }) => csv || out === undefined, { path: ['out'], message: 'needs --csv' })
      .refine((asked) => !(asked.csv && asked.all), {
        path: ['all'],
        message: 'is for the table: a CSV has all lines',
      }),
  },
  close: {
    usage: 'close INSURER PERIOD [--reason TEXT] [--by NAME] | close INSURER PERIOD --force --reason TEXT [--by NAME]',
    operands: ['insurer', 'period'],
    schema: z
      .strictObject({ insurer, period, region, force: flag, reason: reason.optional(), by })
      .refine(({ force, reason }) => !force || reason !== undefined, { path: ['reason'], message: 'is needed' }),
  },
  'close --all': {
    usage: 'close --all PERIOD [--reason TEXT] [--by NAME]',
    operands: ['period'],
    schema: z.strictObject({ all, period, region, reason: reason.optional(), by }),
  },
  reconcile: { usage: 'reconcile PERIOD', operands: ['period'], schema: z.strictObject({ period, region }) },
  'dead-letters': {
    usage: `dead-letters [--status ${statuses.join('|')}]`,
    operands: [],
    schema: z.strictObject({
      region,
      status: z.enum(statuses, `must be one of ${statuses.join(', ')}`).default('parked'),
    }),
  },
  'dead-letter': { usage: 'dead-letter ID', operands: ['id'], schema: z.strictObject({ id, region }) },
  replay: {
    usage: 'replay ID [--reason TEXT] [--by NAME]',
    operands: ['id'],
    schema: z.strictObject({ id, region, reason: reason.optional(), by }),
  },
  'replay --all': {
    usage: 'replay --all [--reason TEXT] [--by NAME]',
    operands: [],
    schema: z.strictObject({ all, region, reason: reason.optional(), by }),
  },
  dismiss: {
    usage: 'dismiss ID --reason TEXT [--by NAME]',
    operands: ['id'],
    schema: z.strictObject({ id, region, reason, by }),
  },
  accounts: { usage: 'accounts', operands: [], schema: z.strictObject({ region }) },
} as const;

/** What `npm run settle -- ...` was asked for. Absent region: the first that runs here. */
export type Command = Asking<typeof FORMS>;

/** What a form takes. */
export type Asked<Name extends Command['form']> = Omit<Extract<Command, { form: Name }>, 'form' | 'region'>;
