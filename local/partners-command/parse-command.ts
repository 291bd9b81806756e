import { parseForm } from '../parse-form.ts';
import { type Command, FORMS } from './forms.ts';

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ region: { ...string, multiple: true }, digest: string },
  ...{ 'no-wait': boolean, 'drop-oldest': boolean },
} as const;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export const parseCommand = (args: readonly string[]): Command =>
  parseForm(args, { command: 'partners', forms: FORMS, options: OPTIONS, always: '[--region NAME]...' });
