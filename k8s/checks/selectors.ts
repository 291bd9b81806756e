import { labelsOf, type Manifest, named, ofKind, selects, titleOf, workloads } from '../manifest.ts';

/** Selectors that select nothing, or more than one kind of pod; autoscalers of nothing. */
export function selectors(all: readonly Manifest[]): string[] {
  const others = ofKind(all, 'Service', 'PodDisruptionBudget').map((each) => {
    const selector = each.kind === 'Service' ? { matchLabels: each.spec.selector } : each.spec.selector;
    return { each, count: workloads(all).filter((workload) => selects(selector, labelsOf(workload))).length };
  });
  return [
    ...ofKind(all, 'Deployment', 'StatefulSet')
      .filter((each) => !selects(each.spec.selector, labelsOf(each)))
      .map((each) => `${titleOf(each)} does not select its own pods`),
    ...others
      .filter(({ count }) => count !== 1)
      .map(({ each, count }) => `${titleOf(each)} selects the pods of ${count} workloads, not of one`),
    ...ofKind(all, 'HorizontalPodAutoscaler')
      .filter(({ spec: { scaleTargetRef: target } }) => !named(all, target.kind, target.name))
      .map((each) => `${titleOf(each)} scales ${each.spec.scaleTargetRef.name}, which is not there`),
  ];
}
