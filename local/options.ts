import { parseArgs } from 'node:util';
import { Region } from '#contracts/words.ts';
import { ConfigError } from '#platform/config/parse-env.ts';
import { DEFAULT_INSURERS, SIMULATORS } from './insurers/simulators.ts';

/** What `npm start -- ...` was asked for. */
export interface Options {
  readonly regions: readonly string[];
  /** Absent: events stay inside each region's process. */
  readonly kafka?: string;
  /** Port of the first region's edge; the others follow. */
  readonly port: number;
  /** How many insurers stand around the regions: the first of the list. */
  readonly insurers: number;
  /** Whether all regions count partners' limits in one store, or each its share in its own. */
  readonly limits: 'shared' | 'regional';
}

/** Regions that have a place of their own in the row of ports, whichever of them are started. */
export const KNOWN_REGIONS = ['msk', 'nsk'];

const USAGE = `allowed are --regions msk,nsk  --kafka host:port  --port 8787  --insurers ${DEFAULT_INSURERS}  --limits shared|regional`;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const {
    regions = KNOWN_REGIONS.join(','),
    kafka,
    port = '8787',
    insurers = String(DEFAULT_INSURERS),
    limits = 'shared',
  } = readArguments(args);
  const names = regions.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!Region.safeParse(name).success) {
      throw new ConfigError(`--regions is "${regions}" but must be names of 2 to 8 small letters, such as msk,nsk.`);
    }
  }
  if (new Set(names).size !== names.length)
    throw new ConfigError(`--regions is "${regions}" but names a region twice.`);
  if (!/^\d+$/.test(port) || Number(port) < 1024 || Number(port) > 65_000) {
    throw new ConfigError(`--port is "${port}" but must be an integer from 1024 to 65000.`);
  }
  if (kafka !== undefined && !/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/.test(kafka)) {
    throw new ConfigError(`--kafka is "${kafka}" but must be host:port, such as 127.0.0.1:9092.`);
  }
  if (!/^[1-9]\d?$/.test(insurers) || Number(insurers) > SIMULATORS.length) {
    throw new ConfigError(`--insurers is "${insurers}" but must be an integer from 1 to ${SIMULATORS.length}.`);
  }
  if (limits !== 'shared' && limits !== 'regional') {
    throw new ConfigError(`--limits is "${limits}" but must be shared or regional.`);
  }
  return { regions: names, limits, port: Number(port), insurers: Number(insurers), ...(kafka && { kafka }) };
}

type Arguments = Partial<Record<'regions' | 'kafka' | 'port' | 'insurers' | 'limits', string>>;

function readArguments(args: readonly string[]): Arguments {
  const string = { type: 'string' } as const;
  const options = { regions: string, kafka: string, port: string, insurers: string, limits: string };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: ${USAGE}.`);
  }
}
