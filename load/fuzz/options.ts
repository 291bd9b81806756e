import { parseArgs } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';

/** What `npm run fuzz -- ...` was asked for. */
export interface Options {
  /** Of an edge; absent: the first region of a running `npm start`, all its APIs. */
  readonly url?: string;
  /** A partner's. */
  readonly key?: string;
  /** In all. */
  readonly seconds: number;
  readonly seed: number;
}

const USAGE = 'allowed are --seconds 300  --seed 1  --url https://edge.example  --key ik_partner_secret';
const LEAST_SECONDS = 20;
const MOST_SECONDS = 86_400;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseOptions(args: readonly string[]): Options {
  const { url, key, seconds = '300', seed = '1' } = readArguments(args);
  if (url !== undefined && !/^https?:\/\/[^/?#]+\/?$/.test(url))
    throw new ConfigError(`--url is "${url}" but must be the address of an edge, such as http://127.0.0.1:8787.`);
  if (key !== undefined && url === undefined) throw new ConfigError('--key is for an edge: --url must say which.');
  if (key !== undefined && !/^ik_\S+$/.test(key)) throw new ConfigError('--key must be a key of a partner, ik_...');
  return {
    seconds: readNumber('seconds', { text: seconds, least: LEAST_SECONDS, most: MOST_SECONDS }),
    seed: readNumber('seed', { text: seed, least: 0, most: 999_999_999 }),
    ...(url !== undefined && { url: url.replace(/\/$/, '') }),
    ...(key !== undefined && { key }),
  };
}

function readNumber(name: string, { text, least, most }: { text: string; least: number; most: number }): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most)
    throw new ConfigError(`--${name} is "${text}" but must be an integer from ${least} to ${most}.`);
  return Number(text);
}

function readArguments(args: readonly string[]): Partial<Record<'url' | 'key' | 'seconds' | 'seed', string>> {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...args], options: { url: string, key: string, seconds: string, seed: string } }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: ${USAGE}.`);
  }
}
