import { base64url } from 'jose';
import { z } from 'zod';

/** The configuration is wrong: `message` is one sentence naming each variable, what it holds and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Names whose values are never shown, not even in an error. */
const SECRET = /KEY|TOKEN|PASSWORD|DATABASE_URL/;

/** Reads the variables that `shape` names. Empty strings count as absent. Throws ConfigError. */
export function parseEnv<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Record<string, string | undefined>,
): z.infer<z.ZodObject<Shape>> {
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

const integer = (min: number, max: number) => {
  const message = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const bytes32 = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
  .transform((text) => base64url.decode(text));

/** Pairs `name=value`, separated by commas. */
const pairs = (what: string) =>
  z
    .string()
    .regex(/^[^,=]+=[^,]+(,[^,=]+=[^,]+)*$/, `must be ${what} pairs separated by commas`)
    .transform((text) => text.split(',').map((pair) => splitOnce(pair, '=')))
    .refine((entries) => new Set(entries.map(([name]) => name)).size === entries.length, 'must name each once')
    .transform((entries) => new Map(entries));

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** The kinds of value that a variable may have. */
export const field = {
  host: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or an address'),
  topicPrefix: z.string().regex(/^[a-z0-9.-]{0,32}$/, 'must be lower-case letters, digits, dots and dashes'),
  port: integer(0, 65_535),
  integer,
  bytes32,
  pairs,
  url: z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }),
  databaseUrl: z.url({ protocol: /^postgres(ql)?$/, message: 'must be a postgres URL' }),
  token: z.string().regex(/^[\x21-\x7e]{32,}$/, 'must be at least 32 visible ASCII characters'),
  brokers: z
    .string()
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, separated by commas')
    .transform((text) => text.split(',')),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
};
