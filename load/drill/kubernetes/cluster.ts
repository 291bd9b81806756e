import type { DrillContext } from '../drill.ts';
import { createKubectl, getItems, getJson, type Kubectl } from './kubectl.ts';

/** Where the region of the drill lives, as k8s/base names it. */
export const NAMESPACE = 'insuretech';
/** What is deleted at the end has this label, and only that. */
export const MARK = 'insuretech.example/drill';

export interface Cluster {
  readonly kubectl: Kubectl;
  readonly signal: AbortSignal;
  readonly say: (message: string) => void;
  readonly version: string;
  /** A node's own address, where each NodePort is reached. */
  readonly nodeAddress: string;
}

/** The same cluster for what is to be undone, which the end of the drill must not cut short. */
export function forUndoing(cluster: Cluster): Cluster {
  const { signal } = new AbortController();
  return { ...cluster, signal, kubectl: createKubectl({ signal }) };
}

type Node = { status: { addresses: { type: string; address: string }[] } };
type Namespace = { metadata: { labels?: Record<string, string> } };

/**
 * The cluster that KUBECONFIG names. Rejects with a sentence when it does not answer, cannot measure memory, or has a
 * namespace `insuretech` that this drill did not make: it deletes pods there, and at the end all of it.
 */
export async function openCluster({ say, signal }: DrillContext): Promise<Cluster> {
  const kubectl = createKubectl({ signal });
  const { serverVersion } = JSON.parse(await kubectl(['version', '-o', 'json'])) as {
    serverVersion: { gitVersion: string };
  };
  const [node] = await getItems<Node>(kubectl, 'nodes');
  const nodeAddress = node?.status.addresses.find(({ type }) => type === 'InternalIP')?.address;
  if (!nodeAddress) throw new Error('The cluster has no node with an InternalIP');
  await requireMetrics(kubectl);
  await requireOurs(kubectl);
  say(`Kubernetes ${serverVersion.gitVersion}, node ${nodeAddress}`);
  return { kubectl, signal, say, nodeAddress, version: serverVersion.gitVersion };
}

async function requireMetrics(kubectl: Kubectl): Promise<void> {
  const isThere = await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes']).then(
    () => true,
    () => false,
  );
  if (!isThere) throw new Error('The cluster has no metrics-server: minikube addons enable metrics-server');
}

async function requireOurs(kubectl: Kubectl): Promise<void> {
  const [found] = await getItems<Namespace>(kubectl, 'namespaces', '--field-selector', `metadata.name=${NAMESPACE}`);
  if (!found || found.metadata.labels?.[MARK]) return;
  throw new Error(
    `The cluster has a namespace "${NAMESPACE}" that is not of this drill, which would delete it: take a cluster of its own`,
  );
}

/** The address of a Service of type NodePort, from outside. */
export async function addressOf({ kubectl, nodeAddress }: Cluster, service: { namespace: string; name: string }) {
  type Service = { spec: { ports: { name: string; nodePort?: number }[] } };
  const found = await getJson<Service>(kubectl, '-n', service.namespace, 'service', service.name);
  const port = found.spec.ports.find(({ name }) => name === 'http')?.nodePort;
  if (!port) throw new Error(`Service "${service.name}" has no NodePort called "http"`);
  return `http://${nodeAddress}:${port}`;
}
