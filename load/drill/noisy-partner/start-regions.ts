import { join } from 'node:path';
import { freePort } from '../../../local/free-port.ts';
import { settle } from '../../../local/start-region.ts';
import type { Member } from '../member.ts';
import { nodeMember } from '../node-member.ts';
import { CORE_PORTS } from '../plan-region.ts';
import { type Stand, startStand } from '../stand.ts';
import { ADDRESS_LIMIT, REGIONS, type RegionName } from './callers.ts';
import type { Pool } from './cases.ts';
import { countStoreFailures } from './store-failures.ts';
import { EQUAL_SHARES, type Keys, makeKeys, type Shares, setTerms } from './terms.ts';
import { type UpstashMember, upstashMember } from './upstash-member.ts';

/** Whole regions behind their edges, with the drill's partners. Disposing ends all of it and leaves nothing. */
export interface Regions extends AsyncDisposable {
  readonly urls: Readonly<Record<RegionName, string>>;
  readonly keys: Keys;
  stand(region: RegionName): Stand;
  /** All its processes. */
  members(region: RegionName): readonly Member[];
  /** One, or one for each region. */
  readonly upstashes: readonly UpstashMember[];
  /** `kill -9` of all that a region has, its own store too, at once; nothing comes back by itself. */
  kill(region: RegionName): Promise<void>;
  raise(region: RegionName): Promise<void>;
  /** How often the edges that live gave their store up so far. */
  storeFailures(): Promise<number>;
  /** Sentences of edges that ended unasked. */
  deaths(): readonly string[];
  /** Sets the partners' shares in one region, as its operator does. */
  setShares(region: RegionName, shares: Shares): Promise<void>;
}

interface Place {
  readonly name: RegionName;
  readonly stand: Stand;
  readonly edge: Member;
  readonly upstash: UpstashMember;
}

/** From an edge's port to that of its metrics. */
const METRICS_OFFSET = 4;

/** Where an edge listens. */
interface Door {
  readonly host: string;
  readonly port: number;
}
const at = ({ host, port }: Door, offset = 0) => `http://${host}:${port + offset}`;

/** With `hosts` each edge has a loopback address of its own and all have one port, as behind one name of DNS. */
export async function startRegions(
  pool: Pool,
  { hosts }: { hosts?: Readonly<Record<RegionName, string>> } = {},
): Promise<Regions> {
  await using stack = new AsyncDisposableStack();
  const freeDoor = () => freePort([0, METRICS_OFFSET]);
  const one = hosts && (await freeDoor());
  const doors = new Map<RegionName, Door>();
  for (const name of REGIONS) doors.set(name, { host: hosts?.[name] ?? '127.0.0.1', port: one ?? (await freeDoor()) });
  const urls = Object.fromEntries([...doors].map(([name, door]) => [name, at(door)])) as Regions['urls'];
  const stands = await settle(REGIONS.map((name) => startBehind(name, urls)));
  for (const stand of stands) stack.use(stand);
  const upstashes = await Promise.all(
    (pool === 'shared' ? stands.slice(0, 1) : stands).map(({ dir }) => upstashMember(dir)),
  );
  for (const upstash of upstashes) stack.use(upstash);
  await Promise.all(upstashes.map((upstash) => upstash.start()));
  const keys = makeKeys();
  const places = REGIONS.map((name, index): Place => {
    const stand = stands[index] as Stand;
    const upstash = upstashes[index % upstashes.length] as UpstashMember;
    const edge = stack.use(
      edgeMember({ stand, door: doors.get(name) as Door, env: { ...upstash.env, LIMIT_POOL: pool } }),
    );
    return { name, stand, edge, upstash };
  });
  const placeOf = (region: RegionName) => places.find(({ name }) => name === region) as Place;
  const setShares: Regions['setShares'] = (region, shares) => {
    const { coreUrls, plan } = placeOf(region).stand;
    return setTerms({ coreUrl: coreUrls[0] as string, operatorToken: plan.operatorToken }, { keys, shares });
  };
  await Promise.all(places.map(({ edge }) => edge.start()));
  await Promise.all(places.map(({ name }) => setShares(name, EQUAL_SHARES)));
  const owned = stack.move();
  return {
    urls,
    keys,
    upstashes,
    stand: (region) => placeOf(region).stand,
    members: (region) => [placeOf(region).edge, ...placeOf(region).stand.members],
    async kill(region) {
      const { stand, edge, upstash } = placeOf(region);
      const own = pool === 'shared' ? [] : [upstash];
      await Promise.all([edge, ...stand.members, ...own].map((member) => member.kill()));
    },
    async raise(region) {
      const { stand, edge, upstash } = placeOf(region);
      if (pool !== 'shared') await upstash.start();
      await stand.raise();
      await edge.start();
    },
    storeFailures: () => countStoreFailures([...doors.values()].map((door) => at(door, METRICS_OFFSET))),
    deaths: () => places.flatMap(({ edge }) => edge.deaths.map((said) => `${edge.name} died by itself: ${said}`)),
    setShares,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Core, settlement and Postgres, that know where all edges are. */
async function startBehind(region: RegionName, urls: Regions['urls']): Promise<Stand> {
  const homes = REGIONS.map((name) => `${name}=${urls[name]}`).join(',');
  return startStand({ region, kafka: false, homes, corePort: await freePort(CORE_PORTS) });
}

function edgeMember({ stand, door, env }: { stand: Stand; door: Door; env: Readonly<Record<string, string>> }): Member {
  const { plan, coreUrls } = stand;
  return nodeMember({
    name: `edge-${plan.name}`,
    kind: 'edge',
    entry: 'edge/node.ts',
    env: {
      REGION: plan.name,
      HOST: door.host,
      PORT: String(door.port),
      CORE_URL: coreUrls[0] as string,
      HOP_KEY: plan.hopKey,
      ANONYMOUS_LIMIT_PER_SECOND: String(ADDRESS_LIMIT),
      LIMIT_SHARE_PERCENT: String(100 / REGIONS.length),
      ...env,
    },
    readyUrl: `${at(door)}/healthz/ready`,
    logFile: join(plan.dir, 'edge.log'),
  });
}
