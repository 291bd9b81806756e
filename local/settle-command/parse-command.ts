import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { ConfigError } from '#platform/config/parse-env.ts';
import { type Command, FORMS } from './forms.ts';

/**
 * Reads the arguments; `user` does it unless --by names another. Throws ConfigError with a sentence that names the wrong
 * argument and what is allowed.
 */
export function parseCommand(args: readonly string[], { user }: { user?: string | undefined } = {}): Command {
  const { flags, positionals } = readArguments(args);
  const [verb = '', ...operands] = positionals;
  const form = flags['all'] === true && isForm(`${verb} --all`) ? (`${verb} --all` as const) : verb;
  if (!isForm(form)) throw new ConfigError(`"${verb}" is not a command: allowed are${usageOf(...formNames)}`);
  const { operands: names, schema } = FORMS[form];
  const surplus = operands[names.length];
  if (surplus !== undefined) throw new ConfigError(`"${surplus}" is one argument too many: allowed is${usageOf(form)}`);
  const given = { ...Object.fromEntries(names.map((name, place) => [name, operands[place]])), ...flags };
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const said = parsed.error.issues.flatMap((issue) => sentencesOf(issue, { form, given }));
    throw new ConfigError(`${[...new Set(said)].join('; ')}: allowed is${usageOf(form)}`);
  }
  const signed = 'by' in schema.shape && user !== undefined ? { by: user, ...parsed.data } : parsed.data;
  return { form, ...signed } as Command;
}

type Form = Command['form'];
const formNames = Object.keys(FORMS) as Form[];
const isForm = (text: string): text is Form => Object.hasOwn(FORMS, text);

const usageOf = (...forms: readonly Form[]) =>
  forms
    .flatMap((form) => FORMS[form].usage.split(' | '))
    .map((usage) => `\n  npm run settle -- ${usage} [--region NAME]`)
    .join('');

function sentencesOf(
  issue: z.core.$ZodIssue,
  { form, given }: { form: Form; given: Readonly<Record<string, unknown>> },
): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `--${key} is not for ${form}`);
  const key = String(issue.path[0]);
  const name = (FORMS[form].operands as readonly string[]).includes(key) ? key.toUpperCase() : `--${key}`;
  const value = given[key];
  if (value === undefined) return [`${name} is missing`];
  return [typeof value === 'string' ? `${name} is "${value}" but ${issue.message}` : `${name} ${issue.message}`];
}

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ all: boolean, csv: boolean, bom: boolean, force: boolean },
  ...{ out: string, reason: string, by: string, status: string, region: string },
} as const;

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    return { flags: { ...values } as Record<string, string | boolean>, positionals };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: allowed are${usageOf(...formNames)}`);
  }
}
