import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import type { Target } from './attack.ts';
import { RELAY_MUTANTS } from './mutants/relays.ts';

/** What `npm run adversary -- ...` was asked for. */
export interface Options {
  readonly events: number;
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
  readonly mutants: boolean;
  readonly target: Target;
}

const NUMBERS = {
  events: { default: 30_000, least: 100, most: 10_000_000 },
  seeds: { default: 1, least: 1, most: 1_000 },
  seed: { default: 1, least: 0, most: 999_999 },
} as const;

const CHOICES = {
  relay: ['real', ...(Object.keys(RELAY_MUTANTS) as (keyof typeof RELAY_MUTANTS)[])],
  consumer: ['real', 'memory-dedup'],
  retention: ['real', 'clock'],
} as const;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const values = readArguments(args);
  return {
    events: readNumber('events', values.events),
    seeds: readNumber('seeds', values.seeds),
    seed: readNumber('seed', values.seed),
    mutants: values.mutants ?? false,
    target: {
      relay: readChoice('relay', values.relay),
      consumer: readChoice('consumer', values.consumer),
      retention: readChoice('retention', values.retention),
    },
  };
}

function readNumber(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { default: usual, least, most } = NUMBERS[name];
  if (text === undefined) return usual;
  const value = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ConfigError(`--${name} is "${text}" but must be an integer from ${least} to ${most}.`);
}

function readChoice<Name extends keyof typeof CHOICES>(name: Name, text = 'real'): (typeof CHOICES)[Name][number] {
  const found = CHOICES[name].find((choice) => choice === text);
  if (found) return found;
  throw new ConfigError(`--${name} is "${text}" but must be one of ${CHOICES[name].join(', ')}.`);
}

function readArguments(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = {
    events: string,
    seeds: string,
    seed: string,
    relay: string,
    consumer: string,
    retention: string,
    mutants: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: allowed are ${known.join(', ')}.`);
  }
}
