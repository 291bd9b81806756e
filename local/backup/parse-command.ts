import { z } from 'zod';
import { type Asking, parseForm } from '../parse-form.ts';

const folder = z.string().min(1, 'must name a folder');
const every = z
  .string()
  .regex(/^([1-9]\d{0,2}|[1-2]\d{3}|3[0-5]\d\d|3600)$/, 'must be seconds, an integer from 1 to 3600')
  .transform(Number);

const FORMS = {
  prepare: {
    usage: 'prepare --folder FOLDER [--every SECONDS]',
    operands: [],
    schema: z.strictObject({ folder, every: every.default(30) }),
  },
  take: { usage: 'take --folder FOLDER', operands: [], schema: z.strictObject({ folder }) },
  restore: {
    usage: 'restore --folder FOLDER --data FOLDER',
    operands: [],
    schema: z.strictObject({ folder, data: folder }),
  },
  lost: { usage: 'lost', operands: [], schema: z.strictObject({}) },
} as const;

const string = { type: 'string' } as const;
const OPTIONS = { folder: string, data: string, every: string } as const;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export const parseCommand = (args: readonly string[]): Asking<typeof FORMS> =>
  parseForm(args, { command: 'backup', forms: FORMS, options: OPTIONS, always: '' });
