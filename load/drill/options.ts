import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import { CASE_NAMES, type CaseName } from './noisy-partner/cases.ts';

export const DRILLS = ['kill', 'windows', 'kafka-lost', 'regions', 'poison', 'missing-event', 'noisy-partner'] as const;
export type DrillName = (typeof DRILLS)[number];

/** What `npm run drill -- ...` was asked for. */
export interface Options {
  readonly drill: DrillName;
  readonly kills: number;
  readonly policies: number;
  readonly intents: number;
  readonly events: number;
  readonly malformed: number;
  /** A second. */
  readonly rate: number;
  readonly drops: number;
  readonly seconds: number;
  readonly cases: readonly CaseName[];
  readonly seed: number;
  /** Absent: a real one where it can run. */
  readonly kafka?: boolean;
}

const LIMITS = {
  kills: { default: 100, least: 1, most: 1_000 },
  policies: { default: 10_000, least: 1, most: 100_000 },
  intents: { default: 1_000, least: 1, most: 10_000 },
  events: { default: 1_000_000, least: 1_000, most: 100_000_000 },
  malformed: { default: 10_000, least: 1, most: 1_000_000 },
  rate: { default: 5_000, least: 1, most: 100_000 },
  drops: { default: 20, least: 1, most: 1_000 },
  seconds: { default: 60, least: 10, most: 300 },
  seed: { default: 1, least: 0, most: 999_999_999 },
} as const;

type Numbers = Record<keyof typeof LIMITS, number>;

/** Events for each that is malformed: most are what the others must not wait for. */
const LEAST_GOOD = 10;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = readArguments(args);
  const drill = DRILLS.find((name) => name === positionals[0]);
  if (!drill || positionals.length > 1) {
    throw new ConfigError(`The drill is "${positionals.join(' ')}" but must be one of ${DRILLS.join(', ')}.`);
  }
  const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
  const numbers = Object.fromEntries(names.map((name) => [name, readNumber(name, values[name])])) as Numbers;
  if (numbers.malformed * LEAST_GOOD > numbers.events) {
    throw new ConfigError(
      `--malformed is ${numbers.malformed} but must be at most a tenth of --events ${numbers.events}.`,
    );
  }
  const cases = readCases(values.case ?? ALL);
  return { drill, ...numbers, cases, ...(values.kafka !== undefined && { kafka: values.kafka }) };
}

const ALL = 'all';

function readCases(text: string): readonly CaseName[] {
  const cases = text === ALL ? CASE_NAMES : CASE_NAMES.filter((name) => name === text);
  if (cases.length > 0) return cases;
  throw new ConfigError(`--case is "${text}" but must be one of ${[ALL, ...CASE_NAMES].join(', ')}.`);
}

function readNumber(name: keyof typeof LIMITS, text: string | undefined): number {
  const { default: usual, least, most } = LIMITS[name];
  if (text === undefined) return usual;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new ConfigError(`--${name} is "${text}" but must be an integer from ${least} to ${most}.`);
  }
  return value;
}

function readArguments(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = {
    kills: string,
    policies: string,
    intents: string,
    events: string,
    malformed: string,
    rate: string,
    drops: string,
    seconds: string,
    case: string,
    seed: string,
    kafka: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const known = Object.keys(LIMITS).map((name) => `--${name}`);
    throw new ConfigError(
      `${(error as Error).message.split('.')[0]}: allowed are ${known.join(', ')}, --case, --kafka, --no-kafka.`,
    );
  }
}
