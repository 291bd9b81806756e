import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const folder = join(import.meta.dirname, 'rules');

/** The rules as a resource of the Prometheus operator: the same groups, in the order of their files' names. */
export function prometheusRule(): object {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const groups = files.flatMap(
    (name) => (parse(readFileSync(join(folder, name), 'utf8')) as { groups: object[] }).groups,
  );
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'insuretech', namespace: 'monitoring' },
    spec: { groups },
  };
}

// node k8s/monitoring/prometheus-rule.ts | kubectl apply -f -
if (import.meta.main) process.stdout.write(stringify(prometheusRule()));
