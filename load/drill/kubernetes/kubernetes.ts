import { setTimeout as timer } from 'node:timers/promises';
import { table } from '../../../local/print-table.ts';
import type { DrillContext, Line, Outcome } from '../drill.ts';
import { applyRegion, deleteRegion } from './apply-region.ts';
import { cellOf, seenBy } from './asked.ts';
import { addressOf, type Cluster, forUndoing, NAMESPACE, openCluster } from './cluster.ts';
import { deleteEach } from './delete-each.ts';
import { evictAll } from './evict-all.ts';
import { loadImages } from './load-images.ts';
import { type MemoryUse, mostOf, readMemory } from './memory-use.ts';
import { makePartner } from './partner.ts';
import type { Part } from './parts.ts';
import { readBack } from './read-back.ts';
import type { Region } from './region.ts';
import { restartAll } from './restart-all.ts';
import { scaleByMemory, scaleByRequests } from './scale-app.ts';
import { openSite, startTraffic } from './traffic.ts';
import { waitUntil } from './wait-until.ts';

export interface KubernetesOptions {
  readonly parts: readonly Part[];
  readonly seed: number;
  /** The region is left as it is at the end; the next run takes it up. */
  readonly keep: boolean;
}

const ON_REGION = { region: measurePeak, restart: restartAll, delete: deleteEach, evict: evictAll } as const;
const ON_APP = { memory: scaleByMemory, requests: scaleByRequests } as const;

/** A whole region, and the scale test, on the cluster that KUBECONFIG names. What it makes there it deletes. */
export async function kubernetes(ctx: DrillContext, { parts, seed, keep }: KubernetesOptions): Promise<Outcome> {
  const cluster = await openCluster(ctx);
  await loadImages(ctx);
  const outcomes: Outcome[] = [{ lines: [['Kubernetes', cluster.version]], faults: [] }];
  const onRegion = parts.filter((part) => part in ON_REGION) as (keyof typeof ON_REGION)[];
  if (onRegion.length > 0) outcomes.push(await playOnRegion(cluster, { parts: onRegion, seed, keep }));
  for (const part of parts) {
    if (!(part in ON_APP)) continue;
    ctx.say(`${part}:`);
    outcomes.push(await ON_APP[part as keyof typeof ON_APP](cluster, { seed }));
  }
  return together(outcomes);
}

interface OnRegion {
  readonly parts: readonly (keyof typeof ON_REGION)[];
  readonly seed: number;
  readonly keep: boolean;
}

async function playOnRegion(cluster: Cluster, { parts, seed, keep }: OnRegion): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  if (!keep) stack.defer(() => deleteRegion(forUndoing(cluster)));
  const begun = performance.now();
  const secondsNow = () => ((performance.now() - begun) / 1_000).toFixed(0);
  const workloads = await applyRegion(cluster);
  const ready: Line = ['the region is applied and ready, s', secondsNow()];
  const idle = parts.includes('region') ? await readIdle(cluster) : new Map<string, number>();
  const key = await makePartner(cluster);
  const site = openSite({ url: await addressOf(cluster, { namespace: NAMESPACE, name: 'edge' }), key, seed });
  const region: Region = { cluster, site, idle };
  await firstSale(region);
  const outcomes: Outcome[] = [{ lines: [ready, ['the first sale is in the ledger, s', secondsNow()]], faults: [] }];
  cluster.say(`${workloads.length} workloads are ready and the first sale is in the ledger after ${secondsNow()} s`);
  for (const part of parts) {
    cluster.say(`${part}:`);
    outcomes.push(await ON_REGION[part](region));
  }
  outcomes.push(await readBack(region));
  return together(outcomes);
}

const FIRST_SALE_SECONDS = 120;

/** Buys, once tariffs are there, and waits for the sale to be in a register of settlement. */
async function firstSale(region: Region): Promise<void> {
  const { cluster, site } = region;
  const { signal } = cluster;
  const sold = async () => {
    const traffic = startTraffic(site, { share: 0.1 });
    await timer(2_000, undefined, { signal });
    await traffic.finish();
    return site.policies.length > 0;
  };
  await waitUntil(sold, { signal, what: 'sale through the edge', mostSeconds: FIRST_SALE_SECONDS });
  const { faults } = await readBack(region);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** metrics-server looks at a container every quarter of a minute, and first after its second look. */
const LOOKS_MS = 45_000;
const PEAK_SECONDS = 120;
const READ_EVERY_MS = 10_000;

async function readIdle(cluster: Cluster): Promise<MemoryUse> {
  cluster.say('Nobody asks anything for 45 s: the memory of each container at rest');
  await timer(LOOKS_MS, undefined, { signal: cluster.signal });
  return readMemory(cluster, NAMESPACE);
}

/** R6's peak, what users saw of it, and the memory of each container beside that at rest. */
async function measurePeak({ cluster, site, idle }: Region): Promise<Outcome> {
  const traffic = startTraffic(site, { share: 1 });
  const readings: MemoryUse[] = [];
  for (let passed = 0; passed < PEAK_SECONDS * 1_000; passed += READ_EVERY_MS) {
    await timer(READ_EVERY_MS, undefined, { signal: cluster.signal });
    readings.push(await readMemory(cluster, NAMESPACE));
  }
  const seen = seenBy(await traffic.finish());
  const peak = mostOf(readings);
  const rows = [...peak]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, mib]) => {
      const atRest = idle.get(name);
      return [name, atRest === undefined ? '-' : atRest.toFixed(0), mib.toFixed(0)];
    });
  for (const line of table([['container', 'at rest, MiB', "R6's peak, MiB"], ...rows], ['container']))
    cluster.say(`  ${line}`);
  const faults = seen.failed > 0 ? [`R6's peak: ${cellOf(seen)}: ${seen.answers.join('; ')}`] : [];
  return { lines: [["R6's peak, 50 searches and 10 policies a second", cellOf(seen)]], faults };
}

const together = (outcomes: readonly Outcome[]): Outcome => ({
  lines: outcomes.flatMap(({ lines }) => lines),
  faults: outcomes.flatMap(({ faults }) => faults),
});
