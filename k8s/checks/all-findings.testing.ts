import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { POLICIES } from '#contracts/topics.ts';
import type { Manifest } from '../manifest.ts';
import { READERS } from '../readers.testing.ts';
import { addresses } from './addresses.ts';
import { autoscaling } from './autoscaling.ts';
import { environment } from './environment.ts';
import { heaps } from './heaps.ts';
import { ports } from './ports.ts';
import { restricted } from './restricted.ts';
import { rollouts } from './rollouts.ts';
import { selectors } from './selectors.ts';
import { volumes } from './volumes.ts';

export const SERVICES = ['edge', 'core-app', 'ins-comp-settlement', 'ins-product-aggregator'];

const { rules } = parse(readFileSync(join(import.meta.dirname, '../prometheus-adapter-values.yaml'), 'utf8'));
const namesOf = (kind: 'custom' | 'external'): string[] => rules[kind].map((rule: Manifest) => rule.name.as);
const AROUND = {
  rules: { custom: namesOf('custom'), external: namesOf('external') },
  partitions: POLICIES.partitions,
};
/** Services that Strimzi and CloudNativePG make for the resources of k8s/production. */
const MADE = ['kafka-kafka-bootstrap:9092', 'postgres-rw:5432'];

/** All that the cross-checks find wrong with a region. */
export function allFindings(all: readonly Manifest[]): string[] {
  const hasOperators = all.some((each) => each.kind === 'KafkaNodePool');
  const refused = environment(all, READERS);
  return [
    ...selectors(all),
    ...ports(all),
    ...volumes(all),
    ...restricted(all),
    ...heaps(all),
    ...rollouts(all, SERVICES),
    ...autoscaling(all, AROUND),
    ...refused,
    // An environment that cannot be put together has no addresses to look at.
    ...(refused.length > 0 ? [] : addresses(all, hasOperators ? MADE : [])),
  ];
}
