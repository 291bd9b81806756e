import { setTimeout as timer } from 'node:timers/promises';
import type { Line, Outcome } from '../drill.ts';
import { cellOf, seenBy } from './asked.ts';
import { NAMESPACE } from './cluster.ts';
import { type Region, SETTLE_MS, SHARE } from './region.ts';
import { startTraffic } from './traffic.ts';
import { waitUntil } from './wait-until.ts';
import { isWhole, listWorkloads } from './workloads.ts';

const ROLLOUT_SECONDS = 240;

/** A rolling restart of each Deployment in turn, under load: nobody may notice. */
export async function restartAll({ cluster, site }: Region): Promise<Outcome> {
  const { kubectl, signal, say } = cluster;
  const lines: Line[] = [];
  const faults: string[] = [];
  const deployments = (await listWorkloads(cluster)).filter(({ kind }) => kind === 'Deployment');
  for (const deployment of deployments) {
    const { name } = deployment.metadata;
    const traffic = startTraffic(site, { share: SHARE });
    await timer(SETTLE_MS, undefined, { signal });
    const begun = performance.now();
    await kubectl(['-n', NAMESPACE, 'rollout', 'restart', `deployment/${name}`]);
    const waiting = { signal, what: `restarted deployment "${name}"`, mostSeconds: ROLLOUT_SECONDS };
    await waitUntil(() => isWhole(cluster, deployment), waiting);
    const seconds = (performance.now() - begun) / 1_000;
    await timer(SETTLE_MS, undefined, { signal });
    const seen = seenBy(await traffic.finish());
    const what = `${name} restarted, ${deployment.spec.replicas} of it, ${seconds.toFixed(0)} s`;
    say(`  ${what}: ${cellOf(seen)}`);
    lines.push([what, cellOf(seen)]);
    if (seen.failed > 0) faults.push(`${what}: ${cellOf(seen)}: ${seen.answers.join('; ')}`);
  }
  return { lines, faults };
}
