import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../local/free-port.ts';

type Env = Readonly<Record<string, string>>;

/** The partner that buys in every drill, and what it earns of a premium. */
export const PARTNER = { id: 'drill', commissionRateBps: 500 } as const;

/** Settlement and aggregator of a region in one process are the ports after core's. */
export const CORE_PORTS = [0, 1, 2];

/** What a region of a drill is made of: secrets, addresses and its services' environments. */
export interface RegionPlan {
  readonly name: string;
  readonly dir: string;
  readonly password: string;
  readonly operatorToken: string;
  readonly hopKey: string;
  readonly postgresPort: number;
  readonly adminUrl: string;
  coreEnv(name: string, port: number): Env;
  settlementEnv(name: string, port: number): Env;
  aggregatorEnv(name: string, port: number): Env;
}

export interface RegionOptions {
  readonly name: string;
  readonly dir: string;
  readonly homes: string;
  /** `host:port`; absent: in one process. */
  readonly brokers?: string;
}

const secret = () => randomBytes(32).toString('base64url');

export async function planRegion({ name, dir, homes, brokers }: RegionOptions): Promise<RegionPlan> {
  const [password, operatorToken, hopKey, offerKey] = [secret(), secret(), secret(), secret()];
  const postgresPort = await freePort();
  // By the name of its connections a process is known in pg_locks.
  const url = (role: string, process: string) =>
    `postgres://${role}:${password}@127.0.0.1:${postgresPort}/insuretech?application_name=${process}`;
  const regional = (role: string, process: string, port: number): Env => ({
    REGION: name,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    DATABASE_URL: url(role, process),
    OPERATOR_TOKEN: operatorToken,
    ...(brokers && { KAFKA_BROKERS: brokers }),
  });
  return {
    name,
    dir: join(dir, name),
    password,
    operatorToken,
    hopKey,
    postgresPort,
    adminUrl: url('postgres', 'drill'),
    coreEnv: (process, port) => ({
      ...regional('core', process, port),
      HOP_KEY: hopKey,
      OFFER_KEYS: `${name}-1:${offerKey}`,
      HOME_URLS: homes,
    }),
    settlementEnv: (process, port) => regional('settlement', process, port),
    // It finds nobody to ask: the tariffs of a drill are in the tables before it begins.
    aggregatorEnv: (process, port) => ({
      ...regional('aggregator', process, port),
      INSURERS: 'volga=http://127.0.0.1:9',
    }),
  };
}
