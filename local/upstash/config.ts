import * as z from 'zod/mini';
import { byDefault, field, optional, parseEnv } from '#platform/config/parse-env.ts';

/** What npm start takes for its stand-ins too. */
export const choices = {
  /** `auto`: a redis-server where there is one on the PATH. */
  UPSTASH_BACKEND: byDefault(field.oneOf(['auto', 'redis', 'mock']), 'auto'),
  /** How far away it is: from a request to its answer. */
  UPSTASH_DELAY_MS: byDefault(field.integer(0, 60_000), 0),
};

export type UpstashConfig = ReturnType<typeof parseConfig>;

/** Reads the stand-in's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  const shape = {
    HOST: byDefault(field.host, '127.0.0.1'),
    PORT: field.port,
    UPSTASH_TOKEN: field.token,
    /** A Redis that runs already, instead of one of our own. */
    REDIS_URL: optional(z.url({ protocol: /^rediss?$/, message: 'must be a redis or rediss URL' })),
    ...choices,
  };
  return parseEnv(shape, env);
}
