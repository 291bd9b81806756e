import { type Cluster, NAMESPACE } from './cluster.ts';
import { getItems } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';

export interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly replicas: number; readonly selector: { readonly matchLabels: Record<string, string> } };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
  };
}

/** All Deployments and StatefulSets of the region. */
export const listWorkloads = ({ kubectl }: Cluster): Promise<Workload[]> =>
  getItems<Workload>(kubectl, '-n', NAMESPACE, 'deployments,statefulsets');

/** The pods of a workload, those on their way out too. */
export function listPods({ kubectl }: Cluster, { spec }: Workload): Promise<Pod[]> {
  const selector = Object.entries(spec.selector.matchLabels).map(([label, value]) => `${label}=${value}`);
  return getItems<Pod>(kubectl, '-n', NAMESPACE, 'pods', '-l', selector.join(','));
}

/** All replicas of a workload are ready, and pods of before are gone. */
export async function isWhole(cluster: Cluster, { kind, metadata }: Workload): Promise<boolean> {
  const found = (await listWorkloads(cluster)).find(
    (each) => each.kind === kind && each.metadata.name === metadata.name,
  );
  if (!found || !isSettled(found)) return false;
  const pods = await listPods(cluster, found);
  return pods.length === found.spec.replicas && pods.every(isReady);
}

export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

/** All replicas are of the newest generation, and ready. */
export function isSettled({ metadata, spec, status }: Workload): boolean {
  const { observedGeneration = 0, replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status;
  const counts = [replicas, readyReplicas, updatedReplicas];
  return observedGeneration >= metadata.generation && counts.every((count) => count === spec.replicas);
}

/** Waits until everything that the region consists of is ready. */
export async function settled(cluster: Cluster, mostSeconds: number): Promise<Workload[]> {
  return waitUntil(
    async () => {
      const workloads = await listWorkloads(cluster);
      return workloads.every(isSettled) && workloads;
    },
    { signal: cluster.signal, what: 'region of which all is ready', mostSeconds },
  );
}
