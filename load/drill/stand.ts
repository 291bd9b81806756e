import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { freePort } from '../../local/free-port.ts';
import { KAFKA_PORTS } from '../../local/kafka.ts';
import { type KafkaMember, kafkaMember } from './kafka-member.ts';
import type { Member } from './member.ts';
import { type NodeMemberOptions, nodeMember } from './node-member.ts';
import { openAdmin } from './open-admin.ts';
import { CORE_PORTS, planRegion, type RegionPlan } from './plan-region.ts';
import { postgresMember } from './postgres-member.ts';
import { stockRegion } from './stock-region.ts';

/** A region of real processes that a drill may kill. Disposing ends them all and leaves nothing. */
export interface Stand extends AsyncDisposable {
  readonly plan: RegionPlan;
  /** Where its logs are while it stands. */
  readonly dir: string;
  /** All of them, in the order they are started. */
  readonly members: readonly Member[];
  readonly kafka: (KafkaMember & { readonly brokers: string }) | undefined;
  /** Base URLs, whether anybody listens now or not. */
  readonly coreUrls: readonly string[];
  readonly settlementUrls: readonly string[];
  member(name: string): Member;
  /** Starts whatever is down; resolves when all are ready. */
  raise(): Promise<void>;
  /** Works as the administrator on a connection of its own: none outlives a kill of Postgres. */
  asAdmin<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

export interface StandOptions {
  readonly region?: string;
  /** Real Kafka, two replicas of core and of settlement; else one process with all. */
  readonly kafka: boolean;
  /** `region=url` pairs; its own is added. */
  readonly homes?: string;
  /** Of core, where it must be known before. */
  readonly corePort?: number;
  /** Of Postgres, beside the stand's own, as `name=value`; what is given is the stand's folder. */
  readonly postgresSettings?: (dir: string) => Promise<readonly string[]>;
}

const at = (port: number) => `http://127.0.0.1:${port}`;

export async function startStand(options: StandOptions): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-drill-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(dir, 0o755);
  const name = options.region ?? 'msk';
  const broker = options.kafka ? await planKafka(dir) : undefined;
  const corePort = options.corePort ?? (await freePort(CORE_PORTS));
  const homes = options.homes ?? `${name}=${at(corePort)}`;
  const plan = await planRegion({ name, dir, homes, ...(broker && { brokers: broker.brokers }) });
  await mkdir(plan.dir);
  const database = postgresMember({
    name: 'postgres',
    dataDir: join(plan.dir, 'data'),
    port: plan.postgresPort,
    password: plan.password,
    logFile: join(plan.dir, 'postgres.log'),
    settings: (await options.postgresSettings?.(dir)) ?? [],
  });
  const services = broker ? await replicas(plan) : [inOneProcess(plan, corePort)];
  const members: Member[] = [database, ...(broker ? [broker] : []), ...services];
  for (const member of members) stack.use(member);
  await Promise.all([database.start(), broker?.start()]);
  await stockRegion(plan);
  await Promise.all(services.map((member) => member.start()));
  const owned = stack.move();
  const urls = (kind: 'core' | 'settlement', offset: number) =>
    broker ? services.filter((member) => member.kind === kind).map(({ url }) => url) : [at(corePort + offset)];
  return {
    plan,
    dir,
    members,
    kafka: broker,
    coreUrls: urls('core', 0),
    settlementUrls: urls('settlement', 1),
    member: (wanted) => find(members, wanted),
    raise: () => raise(members),
    asAdmin: (work) => asAdmin(plan.adminUrl, work),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type ServiceMember = Member & { readonly url: string };

async function planKafka(dir: string) {
  const port = await freePort(KAFKA_PORTS);
  return { ...kafkaMember({ dir: join(dir, 'kafka'), port }), brokers: `127.0.0.1:${port}` };
}

function service(plan: RegionPlan, options: Omit<NodeMemberOptions, 'readyUrl' | 'logFile'> & { port: number }) {
  const url = at(options.port);
  const logFile = join(plan.dir, `${options.name}.log`);
  return { ...nodeMember({ ...options, logFile, readyUrl: `${url}/healthz/ready` }), url };
}

/** Two of each, as the smallest production has. */
async function replicas(plan: RegionPlan): Promise<ServiceMember[]> {
  const made: ServiceMember[] = [];
  for (const name of ['core-1', 'core-2']) {
    const port = await freePort();
    made.push(service(plan, { name, kind: 'core', entry: 'core/main.ts', port, env: plan.coreEnv(name, port) }));
  }
  for (const name of ['settlement-1', 'settlement-2']) made.push(await settlementMember(plan, name));
  return made;
}

/** Another replica of settlement; not started. */
export async function settlementMember(plan: RegionPlan, name: string): Promise<ServiceMember> {
  const port = await freePort();
  const entry = 'settlement/main.ts';
  return service(plan, { name, kind: 'settlement', entry, port, env: plan.settlementEnv(name, port) });
}

function inOneProcess(plan: RegionPlan, port: number): ServiceMember {
  const name = 'region';
  const services = {
    core: plan.coreEnv(name, port),
    settlement: plan.settlementEnv(name, port + 1),
    aggregator: plan.aggregatorEnv(name, port + 2),
  };
  const env = { SERVICES: JSON.stringify(services) };
  return service(plan, { name, kind: 'region', entry: 'local/region.ts', port, env });
}

function find(members: readonly Member[], name: string): Member {
  const found = members.find((member) => member.name === name);
  if (!found) throw new Error(`There is no "${name}": there are ${members.map((member) => member.name).join(', ')}`);
  return found;
}

/** First what the others need. One that is coming up by itself is begun anew. */
async function raise(members: readonly Member[]): Promise<void> {
  const isGround = ({ kind }: Member) => kind === 'postgres' || kind === 'kafka';
  for (const layer of [members.filter(isGround), members.filter((member) => !isGround(member))]) {
    await Promise.all(
      layer.filter((member) => !member.isUp()).map((member) => member.kill().then(() => member.start())),
    );
  }
}

async function asAdmin<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  await using admin = openAdmin(url);
  return await work(admin.sql);
}
