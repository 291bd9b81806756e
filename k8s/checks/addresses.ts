import { containersOf, environmentOf, type Manifest, ofKind, titleOf, workloads } from '../manifest.ts';

/** `name:port` of this cluster, as it stands in brokers, URLs and pairs; names with a dot are of the outside. */
const ADDRESS = /(?:^|,|\/\/|@)([a-z][a-z-]*:\d{2,5})\b/g;

/** Addresses in variables that are no port of a Service here. `made` are the Services that operators make. */
export function addresses(all: readonly Manifest[], made: readonly string[] = []): string[] {
  const open = [
    ...made,
    ...ofKind(all, 'Service').flatMap(({ metadata, spec }) =>
      spec.ports.map((port: Manifest) => `${metadata.name}:${port.port}`),
    ),
  ];
  return workloads(all).flatMap((workload) =>
    containersOf(workload).flatMap((container) =>
      Object.entries(environmentOf(container, all)).flatMap(([name, value]) =>
        [...value.matchAll(ADDRESS)]
          .map((match) => match[1] as string)
          .filter((address) => !open.includes(address))
          .map((address) => `${titleOf(workload)} is given ${name} with ${address}, where nothing listens`),
      ),
    ),
  );
}
