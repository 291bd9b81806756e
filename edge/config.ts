import { Region } from '#contracts/words.ts';
import { ConfigError, field, parseEnv } from '#platform/config/parse-env.ts';
import { serviceEnv } from '#platform/config/service-env.ts';

/** What the edge needs on every runtime. */
const shape = {
  REGION: Region,
  LOG_LEVEL: field.logLevel.default('info'),
  CORE_URL: field.url,
  /** Shared with core: signs each forwarded call. */
  HOP_KEY: field.bytes32,
  /** Both or none; without them each isolate counts and caches alone. */
  UPSTASH_REDIS_REST_URL: field.url.optional(),
  UPSTASH_REDIS_REST_TOKEN: field.token.optional(),
  /** Requests per second of one address that shows no key. */
  ANONYMOUS_LIMIT_PER_SECOND: field.integer(1, 100_000).default(20),
};

/** Reads what every runtime needs. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return bothOrNone(parseEnv(shape, env));
}

/** Besides, where a Node process listens. METRICS_PORT is PORT + 4 unless set, and never public. Throws ConfigError. */
export function parseNodeConfig(env: Record<string, string | undefined>) {
  const { HOST, PORT } = serviceEnv;
  const config = bothOrNone(parseEnv({ ...shape, HOST, PORT, METRICS_PORT: field.port.optional() }, env));
  return { ...config, METRICS_PORT: config.METRICS_PORT ?? (config.PORT === 0 ? 0 : config.PORT + 4) };
}

export type EdgeConfig = ReturnType<typeof parseConfig>;

interface StoreVariables {
  UPSTASH_REDIS_REST_URL?: string | undefined;
  UPSTASH_REDIS_REST_TOKEN?: string | undefined;
}

function bothOrNone<Config extends StoreVariables>(config: Config): Config {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config;
  if ((url === undefined) === (token === undefined)) return config;
  const missing = url === undefined ? 'UPSTASH_REDIS_REST_URL' : 'UPSTASH_REDIS_REST_TOKEN';
  throw new ConfigError(
    `Configuration is not valid: ${missing} is missing, the store needs both its URL and its token.`,
  );
}
