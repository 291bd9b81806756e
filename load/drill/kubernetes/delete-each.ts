import { setTimeout as timer } from 'node:timers/promises';
import type { Line, Outcome } from '../drill.ts';
import { type Asked, cellOf, isGood, seenBy } from './asked.ts';
import { type Cluster, NAMESPACE } from './cluster.ts';
import { type Region, SETTLE_MS, SHARE } from './region.ts';
import { startTraffic } from './traffic.ts';
import { waitUntil } from './wait-until.ts';
import { isReady, isWhole, listPods, listWorkloads, type Workload } from './workloads.ts';

const BACK_SECONDS = 240;
/** Who has lost its database tries to connect again with pauses. */
const RECONNECT_MS = 5_000;

/**
 * A pod of each kind deleted under load, as by hand. Where another replica is left nobody may notice; where it was the only
 * one, what users saw is told, and all must be well again once it is back.
 */
export async function deleteEach({ cluster, site }: Region): Promise<Outcome> {
  const { kubectl, signal, say } = cluster;
  const lines: Line[] = [];
  const faults: string[] = [];
  for (const workload of await listWorkloads(cluster)) {
    const ready = (await listPods(cluster, workload)).filter(isReady);
    const [pod] = ready;
    if (!pod) throw new Error(`"${workload.metadata.name}" has no pod that is ready`);
    const traffic = startTraffic(site, { share: SHARE });
    await timer(SETTLE_MS, undefined, { signal });
    const begun = performance.now();
    await kubectl(['-n', NAMESPACE, 'delete', 'pod', pod.metadata.name, '--wait=false']);
    await isBack(cluster, workload);
    const seconds = (performance.now() - begun) / 1_000;
    await timer(RECONNECT_MS, undefined, { signal });
    const backAt = traffic.asked.length;
    await timer(SETTLE_MS, undefined, { signal });
    const asked = await traffic.finish();
    const seen = seenBy(asked);
    const what = `a pod of ${workload.metadata.name} deleted, ${ready.length} of it, whole after ${seconds.toFixed(0)} s`;
    say(`  ${what}: ${cellOf(seen)} ${seen.answers.join('; ')}`);
    lines.push([what, cellOf(seen)]);
    faults.push(...judgeDeletion({ what, replicas: ready.length, asked, after: asked.slice(backAt) }));
  }
  return { lines, faults };
}

const isBack = (cluster: Cluster, workload: Workload) =>
  waitUntil(() => isWhole(cluster, workload), {
    signal: cluster.signal,
    what: `"${workload.metadata.name}" that is whole again`,
    mostSeconds: BACK_SECONDS,
  });

interface Deletion {
  readonly what: string;
  /** That were ready before. */
  readonly replicas: number;
  readonly asked: readonly Asked[];
  /** Those of the requests that were answered 5 s and more after all pods were ready again. */
  readonly after: readonly Asked[];
}

/** What is wrong with a deletion: somebody noticed although a replica was left, or it was not over when the pod was back. */
export function judgeDeletion({ what, replicas, asked, after }: Deletion): string[] {
  const seen = seenBy(asked);
  if (replicas > 1 && seen.failed > 0) return [`${what}: ${cellOf(seen)}: ${seen.answers.join('; ')}`];
  const late = after.filter((one) => !isGood(one));
  return late.length > 0 ? [`${what}: ${late.length} requests failed more than 5 s after it was whole again`] : [];
}
