import { type Manifest, named, ofKind, titleOf } from '../manifest.ts';
import { leastReplicas } from './rollouts.ts';

/** What autoscalers depend on outside of their manifests. */
export interface Around {
  /** Names of metrics that the adapter's rules make: `custom` of pods, `external` of anything. */
  readonly rules: { readonly custom: readonly string[]; readonly external: readonly string[] };
  /** Of the topic that settlement reads. */
  readonly partitions: number;
}

/** Of one pod: its pool of 8, and sessions of their own for its relay, a replay and polls under way. */
const CONNECTIONS = 12;
/** Postgres keeps three for superusers; migrations and an operator need one each. */
const RESERVED = 5;

/** Autoscalers that cannot scale, or would scale past what is there. */
export function autoscaling(all: readonly Manifest[], { rules, partitions }: Around): string[] {
  const scalers = ofKind(all, 'HorizontalPodAutoscaler');
  return [...scalers.flatMap((each) => ofScaler(each, all, { rules, partitions })), ...ofDatabase(all, scalers)];
}

function ofScaler(scaler: Manifest, all: readonly Manifest[], { rules, partitions }: Around): string[] {
  const { scaleTargetRef, maxReplicas, metrics } = scaler.spec;
  const target = named(all, scaleTargetRef.kind, scaleTargetRef.name);
  const asked: [keyof Around['rules'], string][] = metrics.flatMap(({ type, pods, external }: Manifest) =>
    type === 'Pods' ? [['custom', pods.metric.name]] : type === 'External' ? [['external', external.metric.name]] : [],
  );
  const isBeyond = scaleTargetRef.name === 'ins-comp-settlement' && maxReplicas > partitions;
  return [
    ...asked
      .filter(([kind, name]) => !rules[kind].includes(name))
      .map(([kind, name]) => `asks for the ${kind} metric ${name}, for which the adapter has no rule`),
    ...(isBeyond ? [`goes up to ${maxReplicas} pods for ${partitions} partitions`] : []),
    ...(target?.spec.replicas === undefined ? [] : ['is overruled by the replicas of its target at each apply']),
  ].map((fault) => `${titleOf(scaler)} ${fault}`);
}

/** Judged in the worst case: every autoscaler at its most. */
function ofDatabase(all: readonly Manifest[], scalers: readonly Manifest[]): string[] {
  const mostOf = (name: string) =>
    scalers.find((each) => each.spec.scaleTargetRef.name === name)?.spec.maxReplicas ??
    leastReplicas(named(all, 'Deployment', name) ?? { metadata: { name }, spec: {} }, all);
  const users = ['core-app', 'ins-comp-settlement', 'ins-product-aggregator'];
  const wanted = users.reduce((sum, name) => sum + mostOf(name), 0) * CONNECTIONS + RESERVED;
  return connectionLimits(all)
    .filter(({ most }) => most < wanted)
    .map(({ title, most }) => `${title} takes ${most} connections, and the autoscalers may come to ${wanted}`);
}

function connectionLimits(all: readonly Manifest[]): { title: string; most: number }[] {
  const clusters = ofKind(all, 'Cluster').map((each) => ({
    title: titleOf(each),
    most: Number(each.spec.postgresql.parameters.max_connections),
  }));
  const single = named(all, 'StatefulSet', 'postgres');
  if (!single) return clusters;
  const said = /max_connections=(\d+)/.exec(single.spec.template.spec.containers[0].args?.join(' ') ?? '')?.[1];
  return [...clusters, { title: titleOf(single), most: Number(said ?? 100) }];
}
