import { byDefault, field, parseEnv } from '#platform/config/parse-env.ts';
import { regionalEnv } from '#platform/config/service-env.ts';

/** Reads the aggregator's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return parseEnv(
    {
      ...regionalEnv,
      /** One `id=base URL` each; the id names the adapter in insurers/. */
      INSURERS: field.pairs('insurer=url'),
      /** How long events that were sent are kept for a replay, at least. */
      OUTBOX_KEEP_DAYS: byDefault(field.integer(1, 3_650), 14),
    },
    env,
  );
}

export type AggregatorConfig = ReturnType<typeof parseConfig>;
