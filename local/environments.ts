import { at, type RegionPlan } from './plan.ts';
import type { DemoKeys, RegionSecrets } from './secrets.ts';

type Env = Record<string, string>;

/** What one start has in common for all regions. */
export interface Shared {
  readonly keys: DemoKeys;
  readonly logLevel: string;
  /** Where all services send their spans, and the part of traces that edges begin and record; absent: nowhere. */
  readonly traces?: { readonly endpoint: string; readonly ratio: number };
  /** `msk=http://...,nsk=http://...` */
  readonly homes: string;
  /** `volga=http://...,...` */
  readonly insurers: string;
  readonly kafka?: string;
  readonly upstash: {
    /** What each stand-in keeps its data in. */
    readonly backend: 'redis' | 'mock';
    readonly delayMs: number;
    /** The one in which all regions count limits; without it each has its own, and a share of every limit. */
    readonly shared?: { readonly url: string; readonly token: string };
  };
  /** Whole per cent of a partner's limit that are one region's own. */
  readonly sharePercent: number;
}

/** The environments of a region's services: exactly the variables that their config.ts name. */
export interface Environments {
  readonly core: Env;
  readonly settlement: Env;
  readonly aggregator: Env;
  readonly edge: Env;
  readonly upstash: Env;
}

/** URL of a region's database for one of its roles; `postgres` is the administrator. */
export function databaseUrl(plan: RegionPlan, role: string, password: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${plan.ports.postgres}/insuretech`;
}

export function environmentsOf(plan: RegionPlan, secrets: RegionSecrets, shared: Shared): Environments {
  const { ports } = plan;
  const service = (port: number): Env => ({
    REGION: plan.name,
    PORT: String(port),
    LOG_LEVEL: shared.logLevel,
    ...(shared.traces && {
      OTEL_EXPORTER_OTLP_ENDPOINT: shared.traces.endpoint,
      OTEL_TRACES_SAMPLER_ARG: String(shared.traces.ratio),
    }),
  });
  const regional = (port: number, role: string, password: string): Env => ({
    ...service(port),
    DATABASE_URL: databaseUrl(plan, role, password),
    OPERATOR_TOKEN: shared.keys.operator,
    ...(shared.kafka && { KAFKA_BROKERS: shared.kafka, KAFKA_TOPIC_PREFIX: plan.topicPrefix }),
  });
  return {
    core: {
      ...regional(ports.core, 'core', secrets.corePassword),
      HOP_KEY: secrets.hopKey,
      OFFER_KEYS: `${plan.name}-1:${secrets.offerKey}`,
      HOME_URLS: shared.homes,
    },
    settlement: regional(ports.settlement, 'settlement', secrets.settlementPassword),
    aggregator: {
      ...regional(ports.aggregator, 'aggregator', secrets.aggregatorPassword),
      INSURERS: shared.insurers,
    },
    edge: {
      ...service(ports.edge),
      METRICS_PORT: String(ports.edgeMetrics),
      CORE_URL: at(ports.core),
      HOP_KEY: secrets.hopKey,
      UPSTASH_REDIS_REST_URL: shared.upstash.shared?.url ?? at(ports.upstash),
      UPSTASH_REDIS_REST_TOKEN: shared.upstash.shared?.token ?? secrets.upstashToken,
      LIMIT_POOL: shared.upstash.shared ? 'shared' : 'regional',
      LIMIT_SHARE_PERCENT: String(shared.sharePercent),
    },
    upstash: upstashEnvironment({ port: ports.upstash, token: secrets.upstashToken }, shared),
  };
}

/** The environment of an Upstash stand-in. */
export function upstashEnvironment(own: { port: number; token: string }, { upstash }: Shared): Env {
  return {
    PORT: String(own.port),
    UPSTASH_TOKEN: own.token,
    UPSTASH_BACKEND: upstash.backend,
    UPSTASH_DELAY_MS: String(upstash.delayMs),
  };
}
