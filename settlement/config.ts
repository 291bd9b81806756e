import { parseEnv } from '#platform/config/parse-env.ts';
import { regionalEnv } from '#platform/config/service-env.ts';

/** Reads settlement's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return parseEnv(regionalEnv, env);
}

export type SettlementConfig = ReturnType<typeof parseConfig>;
