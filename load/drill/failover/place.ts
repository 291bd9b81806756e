import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrainContext } from '../../../k8s/gslb/drain/context.ts';
import { createDrainContext } from '../../../k8s/gslb/drain/create-context.ts';
import type { Gslb } from '../../../k8s/gslb/read-regions.ts';
import { freePort } from '../../../local/free-port.ts';
import { DEMO_RISK } from '../../../local/load-demo.ts';
import type { DrillContext } from '../drill.ts';
import { REGIONS, type RegionName } from '../noisy-partner/callers.ts';
import { type Regions, startRegions } from '../noisy-partner/start-regions.ts';
import { type Customers, startCustomers } from './customers.ts';
import { type Gdnsd, startGdnsd } from './start-gdnsd.ts';
import { startUnbound } from './start-unbound.ts';

/** Two regions behind a name server that probes them, a resolver that caches, and customers who ask it each time. */
export interface Place extends AsyncDisposable {
  readonly regions: Regions;
  readonly gdnsd: Gdnsd;
  readonly customers: Customers;
  readonly operator: DrainContext;
  addressOf(region: RegionName): string;
  /** Rejects when a part of the place, not of a region, breaks. */
  readonly failed: Promise<never>;
}

export async function openPlace({ say, signal }: DrillContext): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-failover-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // Other drills may be at it on this machine.
  const net = `127.${randomInt(16, 127)}.${randomInt(1, 255)}`;
  const hosts = Object.fromEntries(REGIONS.map((name, place) => [name, `${net}.${place + 1}`])) as Record<
    RegionName,
    string
  >;
  const regions = stack.use(await startRegions('regional', { hosts }));
  const port = Number(new URL(regions.urls[REGIONS[0]]).port);
  const gslb: Gslb = {
    zone: 'insuretech.test',
    host: 'api',
    nameServers: [{ name: 'ns1', address: '127.0.0.1', port: await freePort() }],
    port,
    regions: REGIONS.map((name) => ({
      name,
      address: hosts[name],
      weight: 1,
      core: regions.stand(name).coreUrls[0] as string,
    })),
  };
  const gdnsd = stack.use(await startGdnsd(gslb, dir));
  const unbound = stack.use(await startUnbound(gslb, dir));
  const customers = stack.use(
    startCustomers({
      resolve: unbound.resolve,
      host: `${gslb.host}.${gslb.zone}`,
      port,
      regionAt: (address) => REGIONS.find((name) => hosts[name] === address) as RegionName,
      addressOf: (region) => hosts[region],
      key: regions.keys.site,
      // Every insurer takes it.
      question: { method: 'GET', path: `/v1/quotes/osago?${DEMO_RISK}`, headers: {} },
    }),
  );
  const tokenOf = (region: string) => regions.stand(region as RegionName).plan.operatorToken;
  const operator = createDrainContext({
    gslb,
    stateDir: gdnsd.stateDir,
    tokenOf,
    note: (told) => say(`    ${told}`),
    signal,
  });
  const owned = stack.move();
  return {
    regions,
    gdnsd,
    customers,
    operator,
    addressOf: (region) => hosts[region],
    failed: Promise.race([gdnsd.failed, unbound.failed]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
