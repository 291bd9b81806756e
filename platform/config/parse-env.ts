import { base64url } from 'jose';
import * as z from 'zod/mini';
import { REGION } from '#contracts/words.ts';

/** The configuration is wrong: `message` is one sentence naming each variable, what it holds and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Names whose values are never shown, not even in an error. */
const SECRET = /KEY|TOKEN|PASSWORD|DATABASE_URL|REDIS_URL/;

/** Reads the variables that `shape` names. Empty strings count as absent. Throws ConfigError. */
export function parseEnv<Shape extends z.core.$ZodShape>(
  shape: Shape,
  env: Record<string, string | undefined>,
): z.infer<z.ZodMiniObject<Shape>> {
  const present = Object.fromEntries(
    Object.keys(shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = z.object(shape).safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => describe(String(issue.path[0]), present, issue.message));
  throw new ConfigError(`Configuration is not valid: ${[...new Set(faults)].join('; ')}.`);
}

function describe(name: string, present: Record<string, string | undefined>, message: string): string {
  const value = present[name];
  if (value === undefined) return `${name} is missing`;
  return SECRET.test(name) ? `${name} ${message}` : `${name} is "${value}" but ${message}`;
}

const text = (pattern: RegExp, message: string) => z.string().check(z.regex(pattern, message));

const oneOf = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);

const integer = (min: number, max: number) => {
  const message = `must be an integer from ${min} to ${max}`;
  const number = z.pipe(text(/^\d{1,9}$/, message), z.transform(Number));
  return number.check(z.refine((value) => value >= min && value <= max, message));
};

const ratio = z.pipe(text(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a number from 0 to 1'), z.transform(Number));

const bytes32 = z.pipe(
  text(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url'),
  z.transform((digits: string) => base64url.decode(digits)),
);

/** Pairs `name=value`, separated by commas. */
const pairs = (what: string) => {
  const entries = z.pipe(
    text(/^[^,=]+=[^,]+(,[^,=]+=[^,]+)*$/, `must be ${what} pairs separated by commas`),
    z.transform((list: string) => list.split(',').map((pair) => splitOnce(pair, '='))),
  );
  const isOnceEach = (read: [string, string][]) => new Set(read.map(([name]) => name)).size === read.length;
  return z.pipe(
    entries.check(z.refine(isOnceEach, 'must name each once')),
    z.transform((read) => new Map(read)),
  );
};

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** The kinds of value that a variable may have. It must have one, unless `optional` or `byDefault` says otherwise. */
export const field = {
  region: text(REGION, 'must be 2 to 8 lower-case letters'),
  host: text(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address'),
  topicPrefix: text(/^[a-z0-9.-]{0,32}$/, 'must be lower-case letters, digits, dots and dashes'),
  port: integer(0, 65_535),
  integer,
  ratio,
  oneOf,
  bytes32,
  pairs,
  url: z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }),
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/, message: 'must be a postgres URL' }),
  token: text(/^[\x21-\x7e]{32,}$/, 'must be at least 32 visible ASCII characters'),
  brokers: z.pipe(
    text(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, separated by commas'),
    z.transform((list: string) => list.split(',')),
  ),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
};

export const optional = z.optional;
export const byDefault = z._default;
