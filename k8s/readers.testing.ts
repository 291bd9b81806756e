import { parseConfig as readAggregator } from '../aggregator/config.ts';
import { parseConfig as readCore } from '../core/config.ts';
import { parseNodeConfig as readEdge } from '../edge/config.ts';
import { parseConfig as readInsurers } from '../local/insurers/config.ts';
import { parseConfig as readUpstash } from '../local/upstash/config.ts';
import { field, parseEnv } from '../platform/config/parse-env.ts';
import { parseConfig as readSettlement } from '../settlement/config.ts';
import type { Readers } from './checks/environment.ts';

/** What each entry of the image reads its environment with: its own code. */
export const READERS: Readers = {
  'edge/node.ts': readEdge,
  'core/main.ts': readCore,
  'settlement/main.ts': readSettlement,
  'aggregator/main.ts': readAggregator,
  'local/insurers/main.ts': readInsurers,
  'local/upstash/main.ts': readUpstash,
  // This one is a command, which reads by itself.
  'platform/postgres/provision.ts': (env) =>
    parseEnv(
      {
        ADMIN_DATABASE_URL: field.databaseUrl,
        CORE_DB_PASSWORD: field.host,
        SETTLEMENT_DB_PASSWORD: field.host,
        AGGREGATOR_DB_PASSWORD: field.host,
      },
      env,
    ),
};
