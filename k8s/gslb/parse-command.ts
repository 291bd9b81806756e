import { z } from 'zod';
import { Region } from '#contracts/words.ts';
import { type Asking, parseForm } from '../../local/parse-form.ts';
import { word } from '../../local/word.ts';

const region = word(Region, 'must be the name of a region: 2 to 8 lower-case letters, such as msk');
const regions = z.string().min(1, 'must be a file').default('k8s/gslb/regions.yaml');
const stateDir = z
  .string()
  .regex(/^\/[^"\\]*$/, 'must be an absolute path')
  .default('/var/lib/gdnsd');
const reason = z
  .string()
  .trim()
  .min(1, 'must say something')
  .max(500, 'must have 500 letters at most')
  .default('by hand');

/** What can be asked. */
const FORMS = {
  generate: {
    usage: 'generate --name-server NAME --out FOLDER',
    operands: [],
    schema: z.strictObject({
      'name-server': z.string(),
      out: z.string().min(1, 'must be a folder'),
      regions,
      'state-dir': stateDir,
    }),
  },
  drain: {
    usage: 'drain REGION [--reason TEXT] [--no-wait]',
    operands: ['region'],
    schema: z.strictObject({ region, reason, regions, 'state-dir': stateDir, 'no-wait': z.boolean().default(false) }),
  },
  undrain: {
    usage: 'undrain REGION [--reason TEXT]',
    operands: ['region'],
    schema: z.strictObject({ region, reason, regions, 'state-dir': stateDir }),
  },
  status: { usage: 'status', operands: [], schema: z.strictObject({ regions, 'state-dir': stateDir }) },
} as const;

/** What `npm run gslb -- ...` was asked for. */
export type Command = Asking<typeof FORMS>;

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ out: string, regions: string, reason: string },
  ...{ 'name-server': string, 'state-dir': string, 'no-wait': boolean },
} as const;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export const parseCommand = (args: readonly string[]): Command =>
  parseForm(args, { command: 'gslb', forms: FORMS, options: OPTIONS, always: '[--regions FILE] [--state-dir FOLDER]' });
