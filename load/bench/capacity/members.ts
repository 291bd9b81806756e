import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { freePort } from '../../../local/free-port.ts';
import type { Member } from '../../drill/member.ts';
import { nodeMember } from '../../drill/node-member.ts';
import type { RegionPlan } from '../../drill/plan-region.ts';

/** As in production: each request is a line. */
const LOGGED = { LOG_LEVEL: 'info' };

const at = (port: number) => `http://127.0.0.1:${port}`;

/** One of several at one address. */
export type CoreMember = Member & { isListening(): Promise<void> };

/** One of several at one address, so its log alone says that this one is ready. */
export function coreMember(
  plan: RegionPlan,
  { name, port, kafka }: { name: string; port: number; kafka: boolean },
): CoreMember {
  const logFile = join(plan.dir, `${name}.log`);
  const sharing = { NODE_OPTIONS: '--import ./load/bench/capacity/share-port.ts' };
  const core = { ...plan.coreEnv(name, port), ...LOGGED };
  const services = {
    core,
    settlement: plan.settlementEnv(name, port + 1),
    aggregator: plan.aggregatorEnv(name, port + 2),
  };
  const member = nodeMember({
    name,
    kind: 'core',
    entry: kafka ? 'core/main.ts' : 'local/region.ts',
    env: { ...sharing, ...(kafka ? core : { SERVICES: JSON.stringify(services) }) },
    readyUrl: `${at(port)}/healthz/ready`,
    logFile,
  });
  let starts = 0;
  return {
    ...member,
    start() {
      starts += 1;
      return member.start();
    },
    async isListening() {
      const readySaid = async () => (await readFile(logFile, 'utf8')).match(/"msg":"ready"/g)?.length ?? 0;
      while ((await readySaid()) < starts) await timer(50);
    },
  };
}

/** The stand-in of an Upstash database: in production that is somebody else's processor. */
export async function storeMember({
  dir,
}: RegionPlan): Promise<Member & { edgeEnv: Readonly<Record<string, string>> }> {
  const [port, token] = [await freePort(), randomBytes(32).toString('base64url')];
  const member = nodeMember({
    name: 'upstash',
    kind: 'upstash',
    entry: 'local/upstash/main.ts',
    env: { PORT: String(port), UPSTASH_TOKEN: token },
    readyUrl: `${at(port)}/healthz/live`,
    logFile: join(dir, 'upstash.log'),
  });
  return { ...member, edgeEnv: { UPSTASH_REDIS_REST_URL: at(port), UPSTASH_REDIS_REST_TOKEN: token } };
}

export async function settlementMember(plan: RegionPlan): Promise<Member> {
  const port = await freePort();
  const name = 'settlement';
  return nodeMember({
    name,
    kind: 'settlement',
    entry: 'settlement/main.ts',
    env: { ...plan.settlementEnv(name, port), ...LOGGED },
    readyUrl: `${at(port)}/healthz/ready`,
    logFile: join(plan.dir, 'settlement.log'),
  });
}

/** The edge on Node. */
export function edgeMember(
  { name, hopKey, dir }: RegionPlan,
  { port, coreUrl, env }: { port: number; coreUrl: string; env: Readonly<Record<string, string>> },
): Member {
  return nodeMember({
    name: 'edge',
    kind: 'edge',
    entry: 'edge/node.ts',
    env: {
      ...LOGGED,
      REGION: name,
      PORT: String(port),
      CORE_URL: coreUrl,
      HOP_KEY: hopKey,
      ...env,
    },
    readyUrl: `${at(port)}/healthz/ready`,
    logFile: join(dir, 'edge.log'),
  });
}
