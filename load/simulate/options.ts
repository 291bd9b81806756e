import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import { FAULTS } from './faults/faults.ts';
import type { Fault } from './parts.ts';

/** What `npm run simulate -- ...` was asked for. */
export interface Options {
  readonly seeds: number;
  readonly from: number;
  /** Only this one, with all that happens. */
  readonly seed?: number;
  /** Only this one is planted; without it all are, each in its turn, after the clean system. */
  readonly fault?: Fault;
}

const LARGEST = 999_999_999;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const values = readArguments(args);
  const fault = FAULTS.find(({ name }) => name === values.fault);
  if (values.fault !== undefined && !fault) {
    const names = FAULTS.map(({ name }) => name).join(', ');
    throw new ConfigError(`--fault is "${values.fault}" but must be one of ${names}.`);
  }
  return {
    seeds: readNumber('seeds', { text: values.seeds ?? '1000', least: 1 }),
    from: readNumber('from', { text: values.from ?? '1', least: 0 }),
    ...(values.seed !== undefined && { seed: readNumber('seed', { text: values.seed, least: 0 }) }),
    ...(fault && { fault }),
  };
}

function readNumber(name: string, { text, least }: { text: string; least: number }): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least)) {
    throw new ConfigError(`--${name} is "${text}" but must be an integer from ${least} to ${LARGEST}.`);
  }
  return value;
}

function readArguments(args: readonly string[]) {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { seeds: string, from: string, seed: string, fault: string } }).values;
  } catch (error) {
    const said = (error as Error).message.split('.')[0];
    throw new ConfigError(`${said}: allowed are --seeds, --from, --seed and --fault.`);
  }
}
