import { Region } from '#contracts/words.ts';
import { field } from './parse-env.ts';

/** What every service takes from its environment. */
export const serviceEnv = {
  REGION: Region,
  HOST: field.host.default('127.0.0.1'),
  PORT: field.port,
  LOG_LEVEL: field.logLevel.default('info'),
};

/** What a service with a database and the event transport takes besides. */
export const regionalEnv = {
  ...serviceEnv,
  DATABASE_URL: field.databaseUrl,
  OPERATOR_TOKEN: field.token,
  /** Absent: the events go through the process itself (`npm start`). */
  KAFKA_BROKERS: field.brokers.optional(),
  /** Set where two regions share one developer's broker; never in production. */
  KAFKA_TOPIC_PREFIX: field.topicPrefix.default(''),
};
