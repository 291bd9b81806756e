import { parseArgs } from 'node:util';
import { Region } from '#contracts/words.ts';
import { ConfigError } from '#platform/config/parse-env.ts';

/** What `npm start -- ...` was asked for. */
export interface Options {
  readonly regions: readonly string[];
  /** Absent: events stay inside each region's process. */
  readonly kafka?: string;
  /** Port of the first region's edge; the others follow. */
  readonly port: number;
}

/** Regions that have a place of their own in the row of ports, whichever of them are started. */
export const KNOWN_REGIONS = ['msk', 'nsk'];

const USAGE = 'allowed are --regions msk,nsk  --kafka host:port  --port 8787';

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const { regions = KNOWN_REGIONS.join(','), kafka, port = '8787' } = readArguments(args);
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
  return { regions: names, port: Number(port), ...(kafka && { kafka }) };
}

function readArguments(args: readonly string[]): { regions?: string; kafka?: string; port?: string } {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { regions: string, kafka: string, port: string } }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: ${USAGE}.`);
  }
}
