import { containersOf, type Manifest, named, podOf, titleOf, workloads } from '../manifest.ts';

/** Mounts of volumes that are not there, and volumes of ConfigMaps and Secrets that are not. */
export function volumes(all: readonly Manifest[]): string[] {
  return workloads(all).flatMap((workload) => {
    const given: Manifest[] = podOf(workload).volumes ?? [];
    const claims: Manifest[] = workload.spec.volumeClaimTemplates ?? [];
    const names = [...given.map((each) => each.name), ...claims.map((each) => each.metadata.name)];
    const mounts = containersOf(workload).flatMap((each) => each.volumeMounts ?? []);
    const sources = given.flatMap(({ configMap, secret }) => [
      ...(configMap ? [['ConfigMap', configMap.name]] : []),
      ...(secret ? [['Secret', secret.secretName]] : []),
    ]);
    return [
      ...mounts
        .filter(({ name }) => !names.includes(name))
        .map(({ name }) => `${titleOf(workload)} mounts the volume "${name}", which it does not have`),
      ...sources
        .filter(([kind, name]) => !named(all, kind as string, name as string))
        .map(([kind, name]) => `${titleOf(workload)} has a volume of ${kind} ${name}, which is not there`),
    ];
  });
}
