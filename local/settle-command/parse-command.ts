import { parseForm } from '../parse-form.ts';
import { type Command, FORMS } from './forms.ts';

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ all: boolean, csv: boolean, bom: boolean, force: boolean },
  ...{ out: string, reason: string, by: string, status: string, region: string },
} as const;

/**
 * Reads the arguments; `user` does it unless --by names another. Throws ConfigError with a sentence that names the wrong
 * argument and what is allowed.
 */
export function parseCommand(args: readonly string[], { user }: { user?: string | undefined } = {}): Command {
  const grammar = { command: 'settle', forms: FORMS, options: OPTIONS, always: '[--region NAME]' } as const;
  const asked = parseForm(args, grammar);
  const isSigned = 'by' in FORMS[asked.form].schema.shape;
  return isSigned && user !== undefined ? ({ by: user, ...asked } as Command) : asked;
}
