import { isDeepStrictEqual } from 'node:util';
import { containersOf, type Manifest, podOf, titleOf, workloads } from '../manifest.ts';

const CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Pods that may do more than they must: more than Pod Security's `restricted` asks, which the API server judges. */
export function restricted(all: readonly Manifest[]): string[] {
  return workloads(all).flatMap((workload) => {
    const pod = podOf(workload);
    const security = pod.securityContext ?? {};
    const isPlain =
      security.runAsNonRoot === true && security.runAsUser > 0 && security.seccompProfile?.type === 'RuntimeDefault';
    const faults = [
      ...(pod.automountServiceAccountToken === false ? [] : ['has a service account token']),
      ...(pod.enableServiceLinks === false ? [] : ['gets variables for each Service']),
      ...(isPlain ? [] : ['does not say that it runs as a user other than root, under the default seccomp profile']),
      ...containersOf(workload).flatMap(ofContainer),
    ];
    return faults.map((fault) => `${titleOf(workload)} ${fault}`);
  });
}

function ofContainer({ name, securityContext, resources, image }: Manifest): string[] {
  const isBounded = resources?.requests?.cpu && resources.requests.memory && resources.limits?.memory;
  const isPinned = /:[\w.-]+$/.test(image) && !image.endsWith(':latest');
  return [
    ...(isDeepStrictEqual(securityContext, CONTAINER) ? [] : [`gives ${name} more than ${JSON.stringify(CONTAINER)}`]),
    ...(isBounded ? [] : [`does not bound ${name}`]),
    ...(isPinned ? [] : [`takes ${name} from the image "${image}", whose tag may become another`]),
  ];
}
