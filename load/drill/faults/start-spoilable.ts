import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from '../../../local/free-port.ts';
import { SIMULATORS } from '../../../local/insurers/simulators.ts';
import { KAFKA_PORTS } from '../../../local/kafka.ts';
import { EDGE_PORTS } from '../alerts/watched-region.ts';
import { kafkaMember } from '../kafka-member.ts';
import type { Kind, Member } from '../member.ts';
import { nodeMember } from '../node-member.ts';
import { allOf, type Keys, makeKeys, setTerms } from '../noisy-partner/terms.ts';
import { upstashMember } from '../noisy-partner/upstash-member.ts';
import { openAdmin } from '../open-admin.ts';
import { planRegion, type RegionPlan } from '../plan-region.ts';
import { postgresMember } from '../postgres-member.ts';
import type { PlaceName } from './names.ts';
import { startToxiproxy, type Way } from './toxiproxy.ts';

export const REGION = 'msk';
export const INSURERS = SIMULATORS.slice(0, 5).map(({ id }) => id);

/** A whole region, each service a process of its own, with a proxy in each way between its parts. */
export interface SpoilableRegion extends AsyncDisposable {
  readonly edge: string;
  readonly aggregator: { readonly url: string; readonly operatorToken: string };
  readonly keys: Keys;
  /** Of its broker, past the proxy. */
  readonly brokers: string;
  way(place: PlaceName): Way;
  asAdmin<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Sentences of services that ended unasked. */
  deaths(): readonly string[];
}

const at = (port: number) => `http://127.0.0.1:${port}`;

/** Rejects when something does not come up. Disposing ends all of it and leaves nothing. */
export async function startSpoilable(): Promise<SpoilableRegion> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-faults-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(dir, 0o755);
  const ports = await choosePorts();
  const brokers = `127.0.0.1:${ports.kafka}`;
  const plan = await planRegion({ name: REGION, dir, homes: `${REGION}=${at(ports.edge)}`, brokers });
  await mkdir(plan.dir);
  const kafka = kafkaMember({ dir: join(dir, 'kafka'), port: ports.kafka, proxyPort: ports.ways['core-kafka'] });
  const postgres = postgresMember({
    name: 'postgres',
    dataDir: join(plan.dir, 'data'),
    port: plan.postgresPort,
    password: plan.password,
    logFile: join(plan.dir, 'postgres.log'),
  });
  const upstash = await upstashMember(plan.dir);
  const services = servicesOf(plan, { ports, store: upstash.env });
  for (const member of [postgres, kafka, upstash, ...Object.values(services)]) stack.use(member);
  const toxiproxy = stack.use(await startToxiproxy(ports.toxiproxy));
  const upstreams: Record<PlaceName, number> = {
    'edge-core': ports.core,
    'core-postgres': plan.postgresPort,
    'core-kafka': ports.kafka + (KAFKA_PORTS[2] as number),
    'edge-upstash': Number(new URL(upstash.env['UPSTASH_REDIS_REST_URL'] as string).port),
    'aggregator-insurers': ports.insurers,
  };
  const ways = new Map<string, Way>();
  for (const [name, listen] of Object.entries(ports.ways))
    ways.set(name, await toxiproxy.openWay(name, { listen, upstream: upstreams[name as PlaceName] }));
  await Promise.all([postgres.start(), kafka.start(), upstash.start(), services.insurers.start()]);
  const adminUrl = new URL(plan.adminUrl);
  adminUrl.search = '';
  await provision(adminUrl.href, { core: plan.password, settlement: plan.password, aggregator: plan.password });
  await Promise.all([services.core, services.settlement, services.aggregator].map((member) => member.start()));
  await services.edge.start();
  const keys = makeKeys();
  await setTerms({ coreUrl: at(ports.core), operatorToken: plan.operatorToken }, { keys, shares: allOf(REGION) });
  const owned = stack.move();
  return {
    edge: at(ports.edge),
    aggregator: { url: at(ports.aggregator), operatorToken: plan.operatorToken },
    keys,
    brokers,
    way: (place) => ways.get(place) as Way,
    async asAdmin(work) {
      await using admin = openAdmin(plan.adminUrl);
      return await work(admin.sql);
    },
    deaths: () =>
      Object.values(services).flatMap(({ name, deaths }) => deaths.map((said) => `${name} died by itself: ${said}`)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function choosePorts() {
  return {
    edge: await freePort(EDGE_PORTS),
    core: await freePort(),
    settlement: await freePort(),
    aggregator: await freePort(),
    insurers: await freePort(),
    kafka: await freePort(KAFKA_PORTS),
    toxiproxy: await freePort(),
    ways: {
      'edge-core': await freePort(),
      'core-postgres': await freePort(),
      'core-kafka': await freePort(),
      'edge-upstash': await freePort(),
      'aggregator-insurers': await freePort(),
    } satisfies Record<PlaceName, number>,
  };
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;
type Env = Readonly<Record<string, string>>;

/** Core, edge and aggregator know others only by the proxies' addresses. */
function servicesOf(plan: RegionPlan, { ports, store }: { ports: Ports; store: Env }) {
  const { ways } = ports;
  const made = (
    kind: Kind,
    { entry = `${kind}/main.ts`, port, env }: { entry?: string; port: number; env: Env },
  ): Member =>
    nodeMember({
      ...{ name: kind, kind, entry, env },
      readyUrl: `${at(port)}/healthz/${kind === 'insurers' ? 'live' : 'ready'}`,
      logFile: join(plan.dir, `${kind}.log`),
    });
  const core = plan.coreEnv('core', ports.core);
  const database = new URL(core['DATABASE_URL'] as string);
  database.port = String(ways['core-postgres']);
  const insurers = INSURERS.map((id) => `${id}=${at(ways['aggregator-insurers'])}/${id}`).join(',');
  return {
    insurers: made('insurers', {
      entry: 'local/insurers/main.ts',
      port: ports.insurers,
      env: { PORT: String(ports.insurers), INSURER_COUNT: String(INSURERS.length) },
    }),
    core: made('core', {
      port: ports.core,
      env: { ...core, DATABASE_URL: database.href, KAFKA_BROKERS: `127.0.0.1:${ways['core-kafka']}` },
    }),
    settlement: made('settlement', { port: ports.settlement, env: plan.settlementEnv('settlement', ports.settlement) }),
    aggregator: made('aggregator', {
      port: ports.aggregator,
      env: { ...plan.aggregatorEnv('aggregator', ports.aggregator), INSURERS: insurers },
    }),
    edge: made('edge', {
      entry: 'edge/node.ts',
      port: ports.edge,
      env: {
        ...{ REGION: plan.name, PORT: String(ports.edge), LOG_LEVEL: 'warn', HOP_KEY: plan.hopKey },
        CORE_URL: at(ways['edge-core']),
        ANONYMOUS_LIMIT_PER_SECOND: '1000',
        ...store,
        UPSTASH_REDIS_REST_URL: at(ways['edge-upstash']),
      },
    }),
  };
}
