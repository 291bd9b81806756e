import { field, parseEnv } from '#platform/config/parse-env.ts';

/** The operator token of a region: `OPERATOR_TOKEN_MSK`, or `OPERATOR_TOKEN` where all have one. Throws ConfigError. */
export function tokenOf(region: string, env: Readonly<Record<string, string | undefined>>): string {
  const own = `OPERATOR_TOKEN_${region.toUpperCase()}`;
  const name = env[own] ? own : 'OPERATOR_TOKEN';
  return parseEnv({ [name]: field.token }, env)[name] as string;
}
