import { byDefault, ConfigError, field, optional, parseEnv } from '#platform/config/parse-env.ts';
import { serviceEnv } from '#platform/config/service-env.ts';
import { traceEnv } from '#platform/tracing/trace-env.ts';
import { AllowedOrigins } from './answers/allowed-origins.ts';
import { TrustedProxies } from './callers/trusted-proxies.ts';

/** What the edge needs on every runtime. */
const shape = {
  ...traceEnv,
  REGION: field.region,
  LOG_LEVEL: byDefault(field.logLevel, 'info'),
  CORE_URL: field.url,
  /** Shared with core: signs each forwarded call. */
  HOP_KEY: field.bytes32,
  /** Both or none; without them each isolate counts and caches alone. */
  UPSTASH_REDIS_REST_URL: optional(field.url),
  UPSTASH_REDIS_REST_TOKEN: optional(field.token),
  /** Where partners' limits are counted: `regional`, each region its share in its own store, or `shared`, all in one. */
  LIMIT_POOL: byDefault(field.oneOf(['regional', 'shared']), 'regional'),
  /** This region's share of a partner's limit whose terms do not say, whole per cent; those of all regions add up to 100. */
  LIMIT_SHARE_PERCENT: byDefault(field.integer(1, 100), 100),
  /** Calls to core under way at once from one isolate; more wait for their turn. */
  CORE_CONCURRENCY: byDefault(field.integer(1, 1_000), 64),
  /** Requests per second of one address that shows no key. */
  ANONYMOUS_LIMIT_PER_SECOND: byDefault(field.integer(1, 100_000), 20),
  /** Pages of these may call from a browser; none by default. */
  CORS_ORIGINS: byDefault(AllowedOrigins, []),
};

/** Whose X-Forwarded-For is believed; nobody's by default. Cloudflare tells the caller otherwise. */
const behindProxies = { TRUSTED_PROXIES: byDefault(TrustedProxies, []) };

/** Reads what every runtime needs. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return withStore(parseEnv(shape, env));
}

/** Besides, who may stand before `deno serve`. Throws ConfigError. */
export function parseDenoConfig(env: Record<string, string | undefined>) {
  return withStore(parseEnv({ ...shape, ...behindProxies }, env));
}

/** Besides, where a Node process listens. METRICS_PORT is PORT + 4 unless set, and never public. Throws ConfigError. */
export function parseNodeConfig(env: Record<string, string | undefined>) {
  const { HOST, PORT } = serviceEnv;
  const listening = { HOST, PORT, METRICS_PORT: optional(field.port) };
  const config = withStore(parseEnv({ ...shape, ...behindProxies, ...listening }, env));
  return { ...config, METRICS_PORT: config.METRICS_PORT ?? (config.PORT === 0 ? 0 : config.PORT + 4) };
}

export type EdgeConfig = ReturnType<typeof parseConfig>;

interface StoreVariables {
  UPSTASH_REDIS_REST_URL?: string | undefined;
  UPSTASH_REDIS_REST_TOKEN?: string | undefined;
  LIMIT_POOL: 'regional' | 'shared';
}

/** The store needs both its variables, and a shared pool needs the store. */
function withStore<Config extends StoreVariables>(config: Config): Config {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = config;
  if ((url === undefined) !== (token === undefined)) {
    const missing = url === undefined ? 'UPSTASH_REDIS_REST_URL' : 'UPSTASH_REDIS_REST_TOKEN';
    throw new ConfigError(
      `Configuration is not valid: ${missing} is missing, the store needs both its URL and its token.`,
    );
  }
  if (url === undefined && config.LIMIT_POOL === 'shared') {
    throw new ConfigError('Configuration is not valid: LIMIT_POOL is "shared" but there is no UPSTASH_REDIS_REST_URL.');
  }
  return config;
}
