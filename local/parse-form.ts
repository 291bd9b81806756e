import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { z } from 'zod';
import { ConfigError } from '#platform/config/parse-env.ts';

/** What can be asked of a command, `usage` being the whole of it; the last operand takes all that is left if it ends in `...`. */
export interface Form {
  readonly usage: string;
  readonly operands: readonly string[];
  readonly schema: z.ZodObject;
}

/** A command as `npm run` knows it: what can be asked by the word that begins it, and what else any form may be given. */
export interface Grammar<Forms extends Readonly<Record<string, Form>>> {
  readonly command: string;
  readonly forms: Forms;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Behind every usage. */
  readonly always: string;
}

/** What was asked for, as its form's schema reads it. */
export type Asking<Forms extends Readonly<Record<string, Form>>> = {
  [Name in keyof Forms]: { readonly form: Name } & z.infer<Forms[Name]['schema']>;
}[keyof Forms];

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseForm<const Forms extends Readonly<Record<string, Form>>>(
  args: readonly string[],
  grammar: Grammar<Forms>,
): Asking<Forms> {
  const { forms } = grammar;
  const { flags, positionals } = readArguments(args, grammar);
  const [verb = '', ...operands] = positionals;
  const name = flags['all'] === true && Object.hasOwn(forms, `${verb} --all`) ? `${verb} --all` : verb;
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (!form) throw new ConfigError(`"${verb}" is not a command: allowed are${usageOf(grammar)}`);
  const allowed = `: allowed is${usageOf(grammar, name)}`;
  const { named, surplus } = nameOperands(form, operands);
  if (surplus !== undefined) throw new ConfigError(`"${surplus}" is one argument too many${allowed}`);
  const given = { ...named, ...flags };
  const parsed = form.schema.safeParse(given);
  if (parsed.success) return { form: name, ...parsed.data } as Asking<Forms>;
  const said = parsed.error.issues.flatMap((issue) => sentencesOf(issue, { name, form, given }));
  throw new ConfigError(`${[...new Set(said)].join('; ')}${allowed}`);
}

function usageOf<Forms extends Readonly<Record<string, Form>>>(
  { command, forms, always }: Grammar<Forms>,
  ...names: readonly string[]
): string {
  return Object.entries(forms)
    .filter(([name]) => names.length === 0 || names.includes(name))
    .flatMap(([, { usage }]) => usage.split(' | '))
    .map((usage) => `\n  npm run ${command} -- ${usage} ${always}`)
    .join('');
}

const REST = '...';

function nameOperands({ operands: names }: Form, operands: readonly string[]) {
  const last = names.at(-1);
  const single = last?.endsWith(REST) ? names.slice(0, -1) : names;
  const named: Record<string, unknown> = Object.fromEntries(single.map((name, place) => [name, operands[place]]));
  const rest = operands.slice(single.length);
  if (last === undefined || single.length === names.length) return { named, surplus: rest[0] };
  return { named: { ...named, [last.slice(0, -REST.length)]: rest.length > 0 ? rest : undefined } };
}

interface Given {
  readonly name: string;
  readonly form: Form;
  readonly given: Readonly<Record<string, unknown>>;
}

function sentencesOf(issue: z.core.$ZodIssue, { name: form, form: { operands }, given }: Given): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `--${key} is not for ${form}`);
  const [key, place] = issue.path.map(String);
  const isOperand = operands.includes(String(key)) || operands.includes(`${key}${REST}`);
  const name = isOperand ? String(key).toUpperCase() : `--${key}`;
  const whole = given[String(key)];
  if (whole === undefined) return [`${name} is missing`];
  const value = Array.isArray(whole) && place !== undefined ? (whole as unknown[])[Number(place)] : whole;
  return [typeof value === 'string' ? `${name} is "${value}" but ${issue.message}` : `${name} ${issue.message}`];
}

function readArguments<Forms extends Readonly<Record<string, Form>>>(args: readonly string[], grammar: Grammar<Forms>) {
  const { options } = grammar;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { flags: { ...values } as Readonly<Record<string, unknown>>, positionals };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: allowed are${usageOf(grammar)}`);
  }
}
