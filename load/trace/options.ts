import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import { REQUIREMENTS, type Requirement } from './requirements.ts';

/** What `npm run trace -- ...` was asked for. */
export interface Options {
  /** Only this one, with its tests. */
  readonly only?: Requirement;
  /** A number without a test that passed is a fault, too. */
  readonly mustPass: boolean;
}

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = readArguments(args);
  const mustPass = values['must-pass'] ?? false;
  if (positionals.length === 0) return { mustPass };
  const asked = positionals.join(' ');
  const only = REQUIREMENTS.find(({ number }) => number.toLowerCase() === asked.toLowerCase());
  if (only) return { only, mustPass };
  const numbers = REQUIREMENTS.map(({ number }) => number).join(', ');
  throw new ConfigError(`The number is "${asked}" but must be one of ${numbers}.`);
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { 'must-pass': { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: allowed are a number and --must-pass.`);
  }
}
