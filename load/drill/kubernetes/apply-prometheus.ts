import { type Cluster, forUndoing } from './cluster.ts';
import { waitUntil } from './wait-until.ts';

const FILE = 'k8s/scaletest/prometheus.yaml';
const METRICS = '/apis/custom.metrics.k8s.io/v1beta1';
const READY_SECONDS = 180;

/** Prometheus and its adapter as the README applies them, answering. Disposing removes both. */
export async function applyPrometheus(cluster: Cluster): Promise<AsyncDisposable> {
  const { kubectl, signal } = cluster;
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await forUndoing(cluster).kubectl(['delete', '-f', FILE, '--ignore-not-found']);
  });
  await kubectl(['apply', '-f', FILE]);
  const answers = () =>
    kubectl(['get', '--raw', METRICS]).then(
      () => true,
      () => false,
    );
  await waitUntil(answers, { signal, what: 'answer of the Prometheus adapter', mostSeconds: READY_SECONDS });
  return stack.move();
}
