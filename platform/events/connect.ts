import { ConfigError } from '#platform/config/parse-env.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import { createKafkaTransport } from './kafka.ts';
import type { MeasuredTransport } from './transport.ts';

interface KafkaConfig {
  readonly KAFKA_BROKERS?: readonly string[] | undefined;
  readonly KAFKA_TOPIC_PREFIX: string;
}

/** The transport of a service that runs by itself: Kafka. Only a region in one process can do without (npm start). */
export function connectEvents(
  config: KafkaConfig,
  options: { clientId: string; log: Logger; store?: string | undefined },
): Promise<MeasuredTransport> {
  if (!config.KAFKA_BROKERS) {
    throw new ConfigError(
      'KAFKA_BROKERS is missing: a service by itself needs Kafka. Without Kafka, start a whole region: npm start.',
    );
  }
  return createKafkaTransport({ brokers: config.KAFKA_BROKERS, prefix: config.KAFKA_TOPIC_PREFIX, wait, ...options });
}
