import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import type { PartnerTerms } from '#contracts/partner.ts';
import { freePort } from '../../../local/free-port.ts';
import { KAFKA_PORTS } from '../../../local/kafka.ts';
import { digestOf } from '../../../local/secrets.ts';
import { kafkaMember } from '../../drill/kafka-member.ts';
import { openAdmin } from '../../drill/open-admin.ts';
import { CORE_PORTS, planRegion, type RegionPlan } from '../../drill/plan-region.ts';
import { postgresMember } from '../../drill/postgres-member.ts';
import { stockRegion } from '../../drill/stock-region.ts';
import { processorTime } from '../edge/processor-time.ts';
import { type CoreMember, coreMember, edgeMember, settlementMember, storeMember } from './members.ts';

/** What a region is made of. Without Kafka settlement is in core's process, as `npm start` has it. */
export const PARTS = ['edge', 'core', 'settlement', 'postgres', 'kafka', 'store'] as const;
export type Part = (typeof PARTS)[number];

/** A whole region of real processes. Disposing ends them all and leaves nothing. */
export interface Region extends AsyncDisposable {
  /** Of the edge. */
  readonly port: number;
  /** Of partners whose limit is the contract's highest: nobody is refused for asking too often. */
  readonly keys: readonly string[];
  /** From now on so many processes of core, behind one address. */
  scale(cores: 1 | 2): Promise<void>;
  /** Processor time so far, s. */
  spent(): Promise<Record<Part, number>>;
  /** Those of the policies that are not in the ledger, once all are or 30 s have passed. */
  notInLedger(policies: readonly string[]): Promise<string[]>;
}

const PARTNERS = ['north', 'south', 'east', 'west'];
const HIGHEST_LIMIT = 100_000;
const LEDGER_MS = 30_000;
/** What is committed is on disk (fsync), as in production; no checkpoint falls into one step and not into another. */
const SETTINGS = ['max_wal_size=8GB', 'checkpoint_timeout=1h'];
const at = (port: number) => `http://127.0.0.1:${port}`;

export async function startRegion({ kafka }: { kafka: boolean }): Promise<Region> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(dir, 0o755);
  const [edgePort, corePort] = [await freePort([0, 4]), await freePort(CORE_PORTS)];
  const brokerPort = await freePort(KAFKA_PORTS);
  const brokers = kafka ? { brokers: `127.0.0.1:${brokerPort}` } : {};
  const plan = await planRegion({ name: 'msk', dir, homes: `msk=${at(edgePort)}`, ...brokers });
  await mkdir(plan.dir);
  const postgres = postgresMember({
    name: 'postgres',
    dataDir: join(plan.dir, 'data'),
    port: plan.postgresPort,
    password: plan.password,
    logFile: join(plan.dir, 'postgres.log'),
    settings: SETTINGS,
  });
  const broker = kafka ? kafkaMember({ dir: join(dir, 'kafka'), port: brokerPort }) : undefined;
  const store = await storeMember(plan);
  const cores = [1, 2].map((n) => coreMember(plan, { name: `core-${n}`, port: corePort, kafka }));
  const settlement = kafka ? await settlementMember(plan) : undefined;
  const edge = edgeMember(plan, { port: edgePort, coreUrl: at(corePort), env: store.edgeEnv });
  const [first, second] = cores as [CoreMember, CoreMember];
  for (const member of [postgres, broker, store, settlement, first, second, edge]) if (member) stack.use(member);
  await Promise.all([postgres.start(), broker?.start(), store.start()]);
  await stockRegion(plan);
  await Promise.all([settlement?.start(), first.start()]);
  const keys = await addPartners(plan, corePort);
  await edge.start();
  const pids: Record<Part, () => readonly (number | undefined)[]> = {
    edge: () => [edge.pid()],
    core: () => cores.map((core) => core.pid()),
    settlement: () => [settlement?.pid()],
    postgres: () => [postgres.pid()],
    kafka: () => [broker?.pid()],
    store: () => [store.pid()],
  };
  const owned = stack.move();
  return {
    port: edgePort,
    keys,
    async scale(wanted) {
      if (wanted === 1) return second.kill();
      if (second.isUp()) return;
      await second.start();
      await second.isListening();
    },
    async spent() {
      const of = async (part: Part) => {
        const running = pids[part]().filter((pid) => pid !== undefined);
        const times = await Promise.all(running.map(processorTime));
        return [part, times.reduce((sum, each) => sum + each, 0)] as const;
      };
      return Object.fromEntries(await Promise.all(PARTS.map(of))) as Record<Part, number>;
    },
    notInLedger: (policies) => notInLedger(plan, policies),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function addPartners({ operatorToken }: RegionPlan, corePort: number): Promise<string[]> {
  const keys: string[] = [];
  for (const id of PARTNERS) {
    const key = `ik_${id}_${randomBytes(32).toString('base64url')}`;
    const terms: PartnerTerms = {
      name: id,
      limitPerSecond: HIGHEST_LIMIT,
      commissionRateBps: 500,
      keyDigests: [digestOf(key)],
    };
    const answer = await fetch(`${at(corePort)}/v1/partners/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(terms),
    });
    if (!answer.ok) throw new Error(`core did not take partner ${id}: ${answer.status} ${await answer.text()}`);
    keys.push(key);
  }
  return keys;
}

async function notInLedger({ adminUrl }: RegionPlan, policies: readonly string[]): Promise<string[]> {
  await using admin = openAdmin(adminUrl);
  const until = performance.now() + LEDGER_MS;
  for (;;) {
    const rows = await admin.sql<{ id: string }[]>`
      select id from json_array_elements_text(${JSON.stringify(policies)}::text::json) as sold (id)
      where not exists (select from settlement.ledger_transactions t
        where t.aggregate_id = sold.id and t.type = 'policy.issued.v1')`;
    if (rows.length === 0 || performance.now() > until) return rows.map(({ id }) => id);
    await timer(200);
  }
}
