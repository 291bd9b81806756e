import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requireOrSkip } from '../local/require-or-skip.ts';
import { findTool } from './find-tool.testing.ts';
import { asText, type Manifest, named, objects, ofKind, podOf, workloads } from './manifest.ts';
import { kubectl, OVERLAYS, render, root } from './render-manifests.ts';
import { type ApiServer, startApiServer } from './start-api-server.testing.ts';

const etcd = findTool('ETCD', 'etcd');
const apiServer = findTool('KUBE_APISERVER', 'kube-apiserver');
const crds = join(root, '.local/tools/crds');
const isHere = etcd && apiServer && kubectl && existsSync(join(crds, 'strimzi.done'));
const runs = requireOrSkip(
  'the manifests before a Kubernetes API server',
  isHere
    ? undefined
    : "kube-apiserver, etcd, kubectl or the operators' schemas are not here: run k8s/tools.sh and k8s/apiserver.sh",
);

const SCALETEST = ['deployment', 'service', 'hpa', 'hpa-rps', 'prometheus'];
const scaletest = (): Manifest[] =>
  SCALETEST.flatMap((name) => objects(readFileSync(join(root, `k8s/scaletest/${name}.yaml`), 'utf8')));
/** All manifests there are, by whose they are. */
const MANIFESTS: [string, () => Manifest[]][] = [
  ...OVERLAYS.map((folder): [string, () => Manifest[]] => [folder, () => objects(render(folder))]),
  ['k8s/scaletest', scaletest],
];

/** A test has no certificate to show, and puts words in its place. */
const OF_OUR_CERTIFICATE = 'Warning: tls: failed to find any PEM data in certificate input';

/** A pod as the controller of a workload would make it; a claim's volume is made up. */
function podFrom(workload: Manifest): Manifest {
  const spec = podOf(workload);
  const claims = (workload.spec.volumeClaimTemplates ?? []).map(({ metadata }: Manifest) => ({
    name: metadata.name,
    emptyDir: {},
  }));
  const { labels } = workload.spec.template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: workload.metadata.name, namespace: workload.metadata.namespace ?? 'insuretech', labels },
    spec: { ...spec, volumes: [...(spec.volumes ?? []), ...claims] },
  };
}

/** Definitions that the server does not serve yet. `kubectl wait` fails on one that has no conditions at all. */
async function unserved(server: ApiServer): Promise<string[]> {
  const { items } = JSON.parse(await server.kubectl(['get', 'crd', '-o', 'json']));
  const isServed = ({ status }: Manifest) =>
    status?.conditions?.some((each: Manifest) => each.type === 'Established' && each.status === 'True');
  return items.filter((each: Manifest) => !isServed(each)).map((each: Manifest) => each.metadata.name);
}

describe.skipIf(!runs)('before a Kubernetes API server', () => {
  let server: ApiServer;
  const dryRun = (all: readonly Manifest[]) => server.kubectl(['apply', '--dry-run=server', '-f', '-'], asText(all));

  beforeAll(async () => {
    server = await startApiServer({ etcd: etcd ?? '', apiServer: apiServer ?? '', kubectl: kubectl ?? '' });
    await server.kubectl(['apply', '--server-side', '-f', crds]);
    await vi.waitFor(async () => expect(await unserved(server)).toEqual([]), { timeout: 60_000, interval: 200 });
    // What must be there before a pod, and no dry run makes.
    const before = ofKind([...objects(render('k8s/base')), ...scaletest()], 'Namespace', 'ServiceAccount');
    await server.kubectl(['apply', '-f', '-'], asText(before));
    await server.kubectl(['create', 'serviceaccount', 'default', '-n', 'insuretech']);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.each(MANIFESTS)('R16 R17 R19 D12 every object of %s is taken, with no warning', async (_, manifests) => {
    const all = manifests();
    const said = await dryRun(all);
    expect(said.split('\n').filter((line) => /warning/i.test(line) && line !== OF_OUR_CERTIFICATE)).toEqual([]);
    expect(said.match(/\(server dry run\)/g)).toHaveLength(all.length);
  });

  it.each(MANIFESTS)('every pod of %s is taken under restricted Pod Security', async (_, manifests) => {
    const pods = workloads(manifests()).map(podFrom);
    expect(pods.length).toBeGreaterThan(0);
    const said = await dryRun(pods);
    expect(said.match(/\(server dry run\)/g)).toHaveLength(pods.length);
  });

  const refusals: [string, RegExp, (all: Manifest[]) => Manifest][] = [
    [
      'a pod that may become root',
      /violates PodSecurity "restricted:latest".*runAsNonRoot != true/,
      (all) => {
        const pod = podFrom(named(all, 'Deployment', 'edge'));
        delete pod.spec.securityContext.runAsNonRoot;
        return pod;
      },
    ],
    [
      'a field of a Deployment that there is not',
      /unknown field "spec.template.spec.containers\[0\].readynessProbe"/,
      (all) => {
        const edge = named(all, 'Deployment', 'edge');
        edge.spec.template.spec.containers[0].readynessProbe = {};
        return edge;
      },
    ],
    [
      'a field of Kafka that Strimzi does not know',
      /unknown field "spec.kafka.listners"/,
      (all) => {
        const kafka = named(all, 'Kafka', 'kafka');
        kafka.spec.kafka.listners = [];
        return kafka;
      },
    ],
    [
      'a kind of a version that Strimzi has no more',
      /no matches for kind "Kafka" in version "kafka.strimzi.io\/v1beta2"/,
      (all) => ({ ...named(all, 'Kafka', 'kafka'), apiVersion: 'kafka.strimzi.io/v1beta2' }),
    ],
    [
      'a cluster of Postgres without instances',
      /spec.instances in body should be greater than or equal to 1/,
      (all) => {
        const cluster = named(all, 'Cluster', 'postgres');
        cluster.spec.instances = 0;
        return cluster;
      },
    ],
  ];
  it.each(refusals)('%s is refused', async (_, words, plant) => {
    const all = objects(render('k8s/overlays/msk'));
    await expect(dryRun([plant(all)])).rejects.toThrow(words);
  });
});
