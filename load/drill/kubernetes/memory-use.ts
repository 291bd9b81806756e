import type { Cluster } from './cluster.ts';

interface Metrics {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
    readonly containers: readonly { readonly name: string; readonly usage: { readonly memory: string } }[];
  }[];
}

const MEBI = 2 ** 20;
const UNITS: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: MEBI, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9 };

/** A quantity of memory in MiB. Throws on one that Kubernetes would not write. */
export function mebibytes(quantity: string): number {
  const found = /^(\d+)(|Ki|Mi|Gi|k|M|G)$/.exec(quantity);
  if (!found) throw new Error(`"${quantity}" is not a quantity of memory`);
  return (Number(found[1]) * (UNITS[found[2] as string] as number)) / MEBI;
}

/** Working set of each kind of container, MiB: what the kubelet counts against the limit. The most of its pods. */
export type MemoryUse = ReadonlyMap<string, number>;

/** Of pods with the label that all of the region have; of one name the most. */
export function useOf({ items }: Metrics): MemoryUse {
  const use = new Map<string, number>();
  for (const { metadata, containers } of items) {
    const app = metadata.labels?.['app.kubernetes.io/name'] ?? metadata.labels?.['app'] ?? metadata.name;
    for (const { name, usage } of containers) {
      const key = containers.length > 1 ? `${app}/${name}` : app;
      use.set(key, Math.max(use.get(key) ?? 0, mebibytes(usage.memory)));
    }
  }
  return use;
}

/** As metrics-server says now; it looks every quarter of a minute. */
export async function readMemory({ kubectl }: Pick<Cluster, 'kubectl'>, namespace: string): Promise<MemoryUse> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  return useOf(JSON.parse(await kubectl(['get', '--raw', path])) as Metrics);
}

/** The most of several readings. */
export function mostOf(readings: readonly MemoryUse[]): MemoryUse {
  const most = new Map<string, number>();
  for (const reading of readings) for (const [name, mib] of reading) most.set(name, Math.max(most.get(name) ?? 0, mib));
  return most;
}
