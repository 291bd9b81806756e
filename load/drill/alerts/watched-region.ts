import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from '../../../local/free-port.ts';
import { KAFKA_PORTS } from '../../../local/kafka.ts';
import { kafkaMember } from '../kafka-member.ts';
import type { Kind, Member } from '../member.ts';
import { nodeMember } from '../node-member.ts';
import { upstashMember } from '../noisy-partner/upstash-member.ts';
import { openAdmin } from '../open-admin.ts';
import { planRegion, type RegionPlan } from '../plan-region.ts';
import { postgresMember } from '../postgres-member.ts';
import type { Target } from './prometheus.ts';

/** The parts of a region that may go wrong, each one or more processes. */
export const ROLES = ['postgres', 'kafka', 'upstash', 'settlement', 'core', 'aggregator', 'edge'] as const;
export type Role = (typeof ROLES)[number];

/** A whole region whose every process a drill may stop, and that Prometheus watches. */
export interface WatchedRegion extends AsyncDisposable {
  readonly name: string;
  readonly plan: RegionPlan;
  /** `host:port` of its Kafka; absent in one process. */
  readonly brokers: string | undefined;
  /** Base URLs, of the first where there are more. */
  readonly urls: Readonly<Record<'edge' | 'core' | 'settlement' | 'aggregator', string>>;
  readonly targets: readonly Target[];
  /** In one process, core is also settlement and aggregator. */
  readonly members: Readonly<Record<Role, readonly Pick<Member, 'pid' | 'start' | 'kill' | 'isUp'>[]>>;
  asAdmin<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

export interface WatchedOptions {
  readonly name: string;
  readonly dir: string;
  /** Real Kafka, two of core, each service for itself; else one process beside the edge. */
  readonly kafka: boolean;
  /** Of the edge; from `EDGE_PORTS`. */
  readonly edgePort: number;
  readonly homes: string;
  /** `volga=http://...,...` */
  readonly insurers: string;
}

/** The edge's and that of its metrics. */
export const EDGE_PORTS = [0, 4];
/**
 * D8 in a minute instead of twenty, and two and a half instead of a day: insurers are polled each quarter of a minute, as a
 * production does each quarter of an hour.
 */
export const FRESHNESS = { STALE_AFTER_SECONDS: '60', HIDDEN_AFTER_SECONDS: '150' } as const;

const at = (port: number) => `http://127.0.0.1:${port}`;
const address = (port: number) => `127.0.0.1:${port}`;

export async function startWatched(options: WatchedOptions): Promise<WatchedRegion> {
  const { name, edgePort } = options;
  await using stack = new AsyncDisposableStack();
  const dir = join(options.dir, name);
  await mkdir(dir);
  const kafkaPort = options.kafka ? await freePort(KAFKA_PORTS) : undefined;
  const brokers = kafkaPort === undefined ? undefined : address(kafkaPort);
  const plan = await planRegion({ name, dir, homes: options.homes, ...(brokers && { brokers }) });
  await mkdir(plan.dir);
  const postgres = postgresMember({
    name: `${name}-postgres`,
    dataDir: join(plan.dir, 'data'),
    port: plan.postgresPort,
    password: plan.password,
    logFile: join(plan.dir, 'postgres.log'),
  });
  const kafka = kafkaPort === undefined ? [] : [kafkaMember({ dir: join(dir, 'kafka'), port: kafkaPort })];
  const upstash = await upstashMember(plan.dir);
  const services = await (options.kafka ? apart : together)(plan, options.insurers);
  const edge = edgeMember(plan, { port: edgePort, coreUrl: services.urls.core, store: upstash.env });
  for (const member of [postgres, ...kafka, upstash, ...services.all, edge]) stack.use(member);
  await Promise.all([postgres.start(), upstash.start(), ...kafka.map((member) => member.start())]);
  const adminUrl = new URL(plan.adminUrl);
  adminUrl.search = '';
  await provision(adminUrl.href, { core: plan.password, settlement: plan.password, aggregator: plan.password });
  await Promise.all(services.all.map((member) => member.start()));
  await edge.start();
  const owned = stack.move();
  const { core, settlement, aggregator } = services.members;
  const store = { pid: () => undefined, isUp: () => true, ...upstash };
  return {
    name,
    plan,
    brokers,
    urls: { edge: at(edgePort), ...services.urls },
    targets: [
      ...services.targets,
      { service: 'edge', region: name, address: address(edgePort + (EDGE_PORTS[1] as number)) },
    ],
    members: { postgres: [postgres], kafka, upstash: [store], core, settlement, aggregator, edge: [edge] },
    async asAdmin(work) {
      await using admin = openAdmin(plan.adminUrl);
      return await work(admin.sql);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Services {
  readonly all: readonly Member[];
  readonly members: Readonly<Record<'core' | 'settlement' | 'aggregator', readonly Member[]>>;
  readonly urls: Readonly<Record<'core' | 'settlement' | 'aggregator', string>>;
  readonly targets: readonly Target[];
}

const SERVICES = { core: 'core-app', settlement: 'ins-comp-settlement', aggregator: 'ins-product-aggregator' } as const;
type ServiceRole = keyof typeof SERVICES;

function environments(plan: RegionPlan, insurers: string): Record<ServiceRole, (name: string, port: number) => object> {
  return {
    core: (name, port) => ({ ...plan.coreEnv(name, port), ...FRESHNESS }),
    settlement: plan.settlementEnv,
    aggregator: (name, port) => ({ ...plan.aggregatorEnv(name, port), INSURERS: insurers }),
  };
}

/** Each a process of its own, as in production. */
async function apart(plan: RegionPlan, insurers: string): Promise<Services> {
  const envs = environments(plan, insurers);
  const start = async (role: ServiceRole, name: string) => {
    const port = await freePort();
    const env = envs[role](name, port) as Record<string, string>;
    return { role, port, member: serviceMember(plan, { name, kind: role, entry: `${role}/main.ts`, port, env }) };
  };
  const started = [
    await start('core', 'core-1'),
    await start('core', 'core-2'),
    await start('settlement', 'settlement'),
    await start('aggregator', 'aggregator'),
  ];
  const of = (role: ServiceRole) => started.filter((each) => each.role === role);
  const first = (role: ServiceRole) => at(of(role)[0]?.port ?? 0);
  const members = (role: ServiceRole) => of(role).map(({ member }) => member);
  return {
    all: started.map(({ member }) => member),
    members: { core: members('core'), settlement: members('settlement'), aggregator: members('aggregator') },
    urls: { core: first('core'), settlement: first('settlement'), aggregator: first('aggregator') },
    targets: started.map(({ role, port }) => ({ service: SERVICES[role], region: plan.name, address: address(port) })),
  };
}

/** All in one, on ports in a row, as `npm start` has it. */
async function together(plan: RegionPlan, insurers: string): Promise<Services> {
  const envs = environments(plan, insurers);
  const roles = ['core', 'settlement', 'aggregator'] as const;
  const port = await freePort([0, 1, 2]);
  const portOf = (role: ServiceRole) => port + roles.indexOf(role);
  const all = Object.fromEntries(roles.map((role) => [role, envs[role]('region', portOf(role))]));
  const env = { SERVICES: JSON.stringify(all) };
  const member = serviceMember(plan, { name: 'region', kind: 'region', entry: 'local/region.ts', port, env });
  return {
    all: [member],
    members: { core: [member], settlement: [], aggregator: [] },
    urls: { core: at(portOf('core')), settlement: at(portOf('settlement')), aggregator: at(portOf('aggregator')) },
    targets: roles.map((role) => ({ service: SERVICES[role], region: plan.name, address: address(portOf(role)) })),
  };
}

interface ProcessOptions {
  readonly name: string;
  readonly kind: Kind;
  readonly entry: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

const serviceMember = (plan: RegionPlan, { port, ...options }: ProcessOptions): Member =>
  nodeMember({
    ...options,
    name: `${plan.name}-${options.name}`,
    readyUrl: `${at(port)}/healthz/ready`,
    logFile: join(plan.dir, `${options.name}.log`),
  });

function edgeMember(
  plan: RegionPlan,
  { port, coreUrl, store }: { port: number; coreUrl: string; store: Readonly<Record<string, string>> },
): Member {
  const env = { REGION: plan.name, PORT: String(port), LOG_LEVEL: 'warn', CORE_URL: coreUrl, HOP_KEY: plan.hopKey };
  const limits = { LIMIT_SHARE_PERCENT: '50', LIMIT_POOL: 'regional', ANONYMOUS_LIMIT_PER_SECOND: '1000' };
  return serviceMember(plan, {
    name: 'edge',
    kind: 'edge',
    entry: 'edge/node.ts',
    port,
    env: { ...env, ...limits, ...store },
  });
}
