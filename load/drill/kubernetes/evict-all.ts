import { setTimeout as timer } from 'node:timers/promises';
import type { Line, Outcome } from '../drill.ts';
import { cellOf, type Seen, seenBy } from './asked.ts';
import { NAMESPACE } from './cluster.ts';
import { getItems, type Kubectl, KubectlError } from './kubectl.ts';
import { type Region, SETTLE_MS, SHARE } from './region.ts';
import { startTraffic } from './traffic.ts';
import { waitUntil } from './wait-until.ts';
import { isReady, isWhole, listPods, listWorkloads, type Workload } from './workloads.ts';

interface Budget {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: { readonly matchLabels: Record<string, string> } };
  readonly status: { readonly desiredHealthy: number };
}

const MOST_SECONDS = 300;

/** What a drain of the node does to each workload that has a disruption budget: every pod evicted, as fast as is allowed. */
export async function evictAll(region: Region): Promise<Outcome> {
  const { cluster } = region;
  const budgets = await getItems<Budget>(cluster.kubectl, '-n', NAMESPACE, 'poddisruptionbudgets');
  const workloads = await listWorkloads(cluster);
  const outcomes: Outcome[] = [];
  for (const budget of budgets) {
    const guarded = workloads.find(({ spec }) => isSelected(spec.selector.matchLabels, budget));
    if (!guarded) outcomes.push({ lines: [], faults: [`Budget "${budget.metadata.name}" guards no workload`] });
    else outcomes.push(await evict(region, { workload: guarded, desiredHealthy: budget.status.desiredHealthy }));
  }
  if (budgets.length === 0) outcomes.push({ lines: [], faults: ['The region has no disruption budget'] });
  return { lines: outcomes.flatMap(({ lines }) => lines), faults: outcomes.flatMap(({ faults }) => faults) };
}

const isSelected = (labels: Record<string, string>, { spec }: Budget) =>
  Object.entries(spec.selector.matchLabels).every(([label, value]) => labels[label] === value);

async function evict(
  { cluster, site }: Region,
  { workload, desiredHealthy }: { workload: Workload; desiredHealthy: number },
): Promise<Outcome> {
  const { kubectl, signal, say } = cluster;
  const { name } = workload.metadata;
  const traffic = startTraffic(site, { share: SHARE });
  await timer(SETTLE_MS, undefined, { signal });
  const waiting = new Set((await listPods(cluster, workload)).map(({ metadata }) => metadata.name));
  const pods = waiting.size;
  const counts = { refused: 0, leastReady: pods };
  const round = async () => {
    for (const pod of waiting) {
      if (await isEvicted(kubectl, pod)) waiting.delete(pod);
      else counts.refused += 1;
    }
    const ready = (await listPods(cluster, workload)).filter(isReady).length;
    counts.leastReady = Math.min(counts.leastReady, ready);
    return waiting.size === 0 && isWhole(cluster, workload);
  };
  await waitUntil(round, { signal, what: `end of the eviction of "${name}"`, mostSeconds: MOST_SECONDS, everyMs: 250 });
  const seen = seenBy(await traffic.finish());
  const what = `all ${pods} pods of ${name} evicted; refused meanwhile; ready at least, of ${desiredHealthy}`;
  const value = `${counts.refused}; ${counts.leastReady}; ${cellOf(seen)}`;
  say(`  ${what}: ${value}`);
  const line: Line = [what, value];
  return { lines: [line], faults: judgeEviction({ name, pods, desiredHealthy, ...counts, seen }) };
}

/** False when the budget refuses, which is 429. */
async function isEvicted(kubectl: Kubectl, pod: string): Promise<boolean> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: NAMESPACE } };
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/eviction`;
  try {
    await kubectl(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
    return true;
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    if (/disruption budget/.test(error.message)) return false;
    if (/not found/.test(error.message)) return true; // the autoscaler was first
    throw error;
  }
}

interface Evicted {
  readonly name: string;
  readonly pods: number;
  readonly desiredHealthy: number;
  readonly refused: number;
  readonly leastReady: number;
  readonly seen: Seen;
}

/** What is wrong with an eviction of all pods of a workload. */
export function judgeEviction({ name, pods, desiredHealthy, refused, leastReady, seen }: Evicted): string[] {
  const faults: string[] = [];
  if (pods > 1 && refused === 0) faults.push(`${name}: all ${pods} pods were evicted at once, its budget refused none`);
  if (leastReady < desiredHealthy)
    faults.push(`${name}: ${leastReady} pods were ready, its budget asks for ${desiredHealthy}`);
  if (seen.failed > 0) faults.push(`${name}, evicted: ${cellOf(seen)}: ${seen.answers.join('; ')}`);
  return faults;
}
