import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import { TROUBLE_NAMES, type TroubleName } from './alerts/trouble-names.ts';
import { FAULT_NAMES, type FaultName } from './failover/fault-names.ts';
import { PLACES, type PlaceName, TOXICS, type ToxicName } from './faults/names.ts';
import { PARTS, type Part } from './kubernetes/parts.ts';
import { CASE_NAMES, type CaseName } from './noisy-partner/cases.ts';

export const DRILLS = [
  'kill',
  'windows',
  'kafka-lost',
  'regions',
  'poison',
  'missing-event',
  'noisy-partner',
  'recovery',
  'kubernetes',
  'failover',
  'isolation',
  'alerts',
  'faults',
] as const;
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
  /** Disks. */
  readonly losses: number;
  /** Of each fault. */
  readonly trials: number;
  readonly seconds: number;
  readonly cases: readonly CaseName[];
  readonly parts: readonly Part[];
  /** Of a failover. */
  readonly faults: readonly FaultName[];
  /** Of the ways between parts: where, and how. */
  readonly places: readonly PlaceName[];
  readonly toxics: readonly ToxicName[];
  /** Of the drill of the alerts. */
  readonly troubles: readonly TroubleName[];
  /** What was made is left there at the end. */
  readonly keep: boolean;
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
  losses: { default: 3, least: 1, most: 100 },
  trials: { default: 20, least: 1, most: 1_000 },
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
  const cases = readNamed('case', { text: values.case, names: CASE_NAMES });
  const parts = readNamed('part', { text: values.part, names: PARTS });
  const troubles = readNamed('trouble', { text: values.trouble, names: TROUBLE_NAMES });
  const places = readNamed('at', { text: values.at, names: PLACES });
  const isOfWays = drill === 'faults';
  const faults = readNamed('fault', { text: isOfWays ? ALL : values.fault, names: FAULT_NAMES });
  const toxics = readNamed('fault', { text: isOfWays ? values.fault : ALL, names: TOXICS });
  return {
    drill,
    ...numbers,
    cases,
    parts,
    faults,
    places,
    toxics,
    troubles,
    keep: values.keep ?? false,
    ...(values.kafka !== undefined && { kafka: values.kafka }),
  };
}

const ALL = 'all';

function readNamed<Name extends string>(
  option: string,
  { text = ALL, names }: { text: string | undefined; names: readonly Name[] },
): readonly Name[] {
  const named = text === ALL ? names : names.filter((name) => name === text);
  if (named.length > 0) return named;
  throw new ConfigError(`--${option} is "${text}" but must be one of ${[ALL, ...names].join(', ')}.`);
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
    losses: string,
    trials: string,
    seconds: string,
    case: string,
    part: string,
    fault: string,
    at: string,
    trouble: string,
    seed: string,
    kafka: { type: 'boolean' },
    keep: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const known = Object.keys(LIMITS).map((name) => `--${name}`);
    throw new ConfigError(
      `${(error as Error).message.split('.')[0]}: allowed are ${known.join(', ')}, --case, --part, --fault, --at, --trouble, --kafka, --no-kafka, --keep.`,
    );
  }
}
