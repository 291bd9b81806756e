import { labelsOf, type Manifest, named, ofKind, podOf, selects, titleOf } from '../manifest.ts';

/** platform/lifecycle gives up a stop after this. */
const OWN_STOP_SECONDS = 25;

/** How many pods a Deployment has at the least. */
export const leastReplicas = (deployment: Manifest, all: readonly Manifest[]): number =>
  ofKind(all, 'HorizontalPodAutoscaler').find((each) => each.spec.scaleTargetRef.name === deployment.metadata.name)
    ?.spec.minReplicas ??
  deployment.spec.replicas ??
  1;

/** What would fail requests while the pods of these services are replaced, moved or lost. */
export function rollouts(all: readonly Manifest[], services: readonly string[]): string[] {
  return services.flatMap((name) => {
    const deployment = named(all, 'Deployment', name);
    if (!deployment) return [`Deployment ${name} is not there`];
    return [
      ...ofStrategy(deployment),
      ...ofStop(deployment),
      ...ofSpread(deployment),
      ...ofBudget(deployment, all),
    ].map((fault) => `${titleOf(deployment)} ${fault}`);
  });
}

function ofStrategy({ spec }: Manifest): string[] {
  const { maxUnavailable, maxSurge } = spec.strategy?.rollingUpdate ?? {};
  return maxUnavailable === 0 && maxSurge > 0 ? [] : ['takes a pod away before its successor is ready'];
}

function ofStop(deployment: Manifest): string[] {
  const { terminationGracePeriodSeconds: grace, containers } = podOf(deployment);
  const leaving = containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
  const { startupProbe, livenessProbe, readinessProbe } = containers[0];
  return [
    ...(leaving >= 5 ? [] : ['stops while endpoints still name it']),
    ...(grace > leaving + OWN_STOP_SECONDS ? [] : ['is killed before it has stopped by itself']),
    ...(startupProbe && livenessProbe?.httpGet.path === '/healthz/live' ? [] : ['is not asked whether it lives']),
    ...(readinessProbe?.httpGet.path === '/healthz/ready' ? [] : ['is not asked whether it is ready']),
  ];
}

/** By zone and by node, each over the pods of this service alone. */
function ofSpread(deployment: Manifest): string[] {
  const constraints: Manifest[] = podOf(deployment).topologySpreadConstraints ?? [];
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']
    .filter((key) => {
      const found = constraints.find((each) => each.topologyKey === key);
      const isOwn = found?.matchLabelKeys?.includes('app.kubernetes.io/name');
      return !(isOwn && selects(found.labelSelector, labelsOf(deployment)));
    })
    .map((key) => `does not spread its pods by ${key}`);
}

function ofBudget(deployment: Manifest, all: readonly Manifest[]): string[] {
  const budgets = ofKind(all, 'PodDisruptionBudget').filter((each) =>
    selects(each.spec.selector, labelsOf(deployment)),
  );
  if (budgets.length !== 1) return [`has ${budgets.length} PodDisruptionBudgets, not one`];
  const replicas = leastReplicas(deployment, all);
  const { minAvailable = replicas - budgets[0].spec.maxUnavailable } = budgets[0].spec;
  return [
    ...(minAvailable < replicas ? [] : ['lets no node be drained']),
    ...(minAvailable > 0 ? [] : ['may lose all its pods to a drain']),
  ];
}
