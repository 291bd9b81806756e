import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import type { Quote } from '#contracts/quote.ts';
import { freePort } from '../../../local/free-port.ts';
import { SIMULATORS } from '../../../local/insurers/simulators.ts';
import { DEMO_RISK } from '../../../local/load-demo.ts';
import { settle } from '../../../local/start-region.ts';
import { seeded } from '../../bench/seeded.ts';
import type { Member } from '../member.ts';
import { nodeMember } from '../node-member.ts';
import { EQUAL_SHARES, type Keys, makeKeys, setTerms } from '../noisy-partner/terms.ts';
import { type Clients, startClients } from './clients.ts';
import { keepPolled, type Polling } from './keep-polled.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { EDGE_PORTS, startWatched, type WatchedRegion } from './watched-region.ts';

/** All that a fault may touch. Faults are of the first region; of the second nothing may be told. */
export interface Stage extends AsyncDisposable {
  readonly region: WatchedRegion;
  readonly prometheus: Prometheus;
  readonly clients: Clients;
  readonly polling: Polling;
  readonly keys: Keys;
  /** Base URL of the insurers' simulators, as the first region meets them. */
  readonly insurersUrl: string;
}

/** Of three protocols. */
export const INSURERS = SIMULATORS.slice(0, 5).map(({ id }) => id);
const REGIONS = ['msk', 'nsk'] as const;
const QUOTED_WITHIN_MS = 60_000;

/** Two whole regions, insurers around them, buyers in both, and a real Prometheus that watches. */
export async function startStage({ kafka, seed }: { kafka: boolean; seed: number }): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-alerts-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(dir, 0o755);
  const lines = await Promise.all(REGIONS.map((name) => startInsurers(dir, name)));
  for (const { member } of lines) stack.use(member);
  const ports = [await freePort(EDGE_PORTS), await freePort(EDGE_PORTS)];
  const homes = REGIONS.map((name, index) => `${name}=http://127.0.0.1:${ports[index]}`).join(',');
  const regions = await settle(
    REGIONS.map((name, index) => {
      const edgePort = ports[index] as number;
      const insurers = INSURERS.map((id) => `${id}=${lines[index]?.url}/${id}`).join(',');
      return startWatched({ name, dir, kafka: kafka && index === 0, edgePort, homes, insurers });
    }),
  );
  for (const region of regions) stack.use(region);
  const keys = makeKeys();
  for (const { urls, plan } of regions) {
    await setTerms({ coreUrl: urls.core, operatorToken: plan.operatorToken }, { keys, shares: EQUAL_SHARES });
  }
  await Promise.all(regions.map(({ urls }) => quotesAll(urls.edge)));
  const aggregators = regions.map(({ urls, plan }) => ({ url: urls.aggregator, operatorToken: plan.operatorToken }));
  const polling = stack.use(keepPolled({ aggregators, insurers: INSURERS }));
  const doors = regions.map(({ name, urls }) => ({ name, edge: urls.edge }));
  const clients = stack.use(startClients({ regions: doors, key: keys.site, random: seeded(seed) }));
  const targets = regions.flatMap((region) => region.targets);
  const prometheus = stack.use(await startPrometheus({ dir, targets }));
  const owned = stack.move();
  return {
    region: regions[0] as WatchedRegion,
    prometheus,
    clients,
    polling,
    keys,
    insurersUrl: lines[0]?.url ?? '',
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Each region has a line to the insurers of its own, so that one may be cut. */
async function startInsurers(dir: string, region: string): Promise<{ url: string; member: Member }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const member = nodeMember({
    name: `${region}-insurers`,
    kind: 'insurers',
    entry: 'local/insurers/main.ts',
    env: { PORT: new URL(url).port, INSURER_COUNT: String(INSURERS.length) },
    readyUrl: `${url}/healthz/live`,
    logFile: join(dir, `${region}-insurers.log`),
  });
  await member.start();
  return { url, member };
}

/** Resolves once every insurer is in a quote. */
async function quotesAll(edge: string): Promise<void> {
  const until = performance.now() + QUOTED_WITHIN_MS;
  let known = 0;
  for (let attempt = 1; performance.now() < until; attempt += 1) {
    // A car that no cache knows.
    const risk = DEMO_RISK.replace('powerHp=110', `powerHp=${100 + attempt / 100}`);
    const answer = await fetch(`${edge}/v1/quotes/osago?${risk}`).catch(() => undefined);
    known = answer?.ok ? ((await answer.json()) as Quote).insurers.length : 0;
    if (known >= INSURERS.length) return;
    await timer(200);
  }
  throw new Error(`${edge} quotes ${known} insurers of ${INSURERS.length} after ${QUOTED_WITHIN_MS / 1_000} s`);
}
