import { field, parseEnv } from '#platform/config/parse-env.ts';

/** Reads the stand-in's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return parseEnv({ HOST: field.host.default('127.0.0.1'), PORT: field.port, UPSTASH_TOKEN: field.token }, env);
}
