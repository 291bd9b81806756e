import { traceEnv } from '#platform/tracing/trace-env.ts';
import { byDefault, field, optional } from './parse-env.ts';

/** What every service takes from its environment. */
export const serviceEnv = {
  ...traceEnv,
  REGION: field.region,
  HOST: byDefault(field.host, '127.0.0.1'),
  PORT: field.port,
  LOG_LEVEL: byDefault(field.logLevel, 'info'),
};

/** What a service with a database and the event transport takes besides. */
export const regionalEnv = {
  ...serviceEnv,
  DATABASE_URL: field.databaseUrl,
  OPERATOR_TOKEN: field.token,
  /** Absent: the events go through the process itself (`npm start`). */
  KAFKA_BROKERS: optional(field.brokers),
  /** Set where two regions share one developer's broker; never in production. */
  KAFKA_TOPIC_PREFIX: byDefault(field.topicPrefix, ''),
};
