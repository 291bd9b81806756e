import { parseAllDocuments } from 'yaml';
import { type Cluster, MARK, NAMESPACE } from './cluster.ts';
import { provideVolumes, removeVolumes } from './volumes.ts';
import { settled, type Workload } from './workloads.ts';

const OVERLAY = 'k8s/overlays/minikube';
/** Postgres makes its database, Kafka formats its disk, services wait for both by ending and being started again, with backoff. */
const START_SECONDS = 420;

/** Applies the whole region as the README does, and waits until all of it is ready. */
export async function applyRegion(cluster: Cluster): Promise<Workload[]> {
  const { kubectl } = cluster;
  const text = await kubectl(['kustomize', OVERLAY]);
  await provideVolumes(
    cluster,
    parseAllDocuments(text).map((document) => document.toJS()),
  );
  await kubectl(['apply', '-k', OVERLAY]);
  await kubectl(['label', 'namespace', NAMESPACE, `${MARK}=region`, '--overwrite']);
  return settled(cluster, START_SECONDS);
}

/** Deletes all of it. */
export async function deleteRegion(cluster: Cluster): Promise<void> {
  await cluster.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
  await removeVolumes(cluster);
}
