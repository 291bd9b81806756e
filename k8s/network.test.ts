import { describe, expect, it } from 'vitest';
import { arrows, type End } from './arrows.ts';
import { labelsOf, type Manifest, objects, ofKind, portsOf, workloads } from './manifest.ts';
import { absent, render } from './render-manifests.ts';

const OURS = 'insuretech';
/** On each pod too: a rule without ports would open it. */
const UNTOLD = '9999';
const pod = (name: string, labels: Record<string, string>, ports: string[]): End => ({
  name,
  namespace: OURS,
  labels,
  address: '10.244.0.7',
  ports: [...ports, UNTOLD],
});
const stranger = (name: string, ports: string[] = [], labels = {}): End => ({
  name,
  namespace: name,
  labels,
  address: '10.244.0.8',
  ports,
});

const podsOf = (all: Manifest[]) =>
  workloads(all).map((each) =>
    pod(each.metadata.name, labelsOf(each), [...new Set(portsOf(each).map((port) => String(port.containerPort)))]),
  );
const AROUND: End[] = [
  stranger('kube-system', ['53', '53/UDP', UNTOLD], { 'k8s-app': 'kube-dns' }),
  stranger('monitoring'),
  stranger('ingress'),
  stranger('another-namespace'),
  { name: 'kubernetes', address: '10.96.0.1', ports: ['443', '6443', UNTOLD] },
  { name: 'internet', address: '203.0.113.7', ports: ['80', '443', '5432', UNTOLD] },
  { name: 'private-address', address: '10.9.9.9', ports: ['443', '5432', '8080', UNTOLD] },
  { name: 'metadata-service', address: '169.254.169.254', ports: ['80', '443'] },
];

/** What is open to or from our pods, but for names, which everybody may ask for. */
function openIn(all: Manifest[], more: readonly End[] = []): string[] {
  const ends = [...podsOf(all), ...more, ...AROUND];
  const ours = ends.filter((end) => end.namespace === OURS).map((end) => end.name);
  const isOurs = (line: string) => ours.some((name) => line.startsWith(`${name} `) || line.includes(`-> ${name}:`));
  return arrows(ofKind(all, 'NetworkPolicy'), ends).filter(
    (line) => isOurs(line) && !line.includes('-> kube-system:53'),
  );
}

/** The arrows of a region's picture, whoever runs its stores. */
const PICTURE = (postgres: string, kafka: string) => [
  'edge -> core-app:8080',
  ...['core-app', 'ins-comp-settlement', 'ins-product-aggregator'].flatMap((service) => [
    `${service} -> ${postgres}:5432`,
    `${service} -> ${kafka}:9092`,
    `monitoring -> ${service}:8080`,
  ]),
  `migrations -> ${postgres}:5432`,
  'monitoring -> edge:9090',
];
const MINIKUBE = [
  ...PICTURE('postgres', 'kafka'),
  ...AROUND.map(({ name }) => `${name} -> edge:8080`),
  'edge -> upstash:8080',
  'upstash -> redis:6379',
  'ins-product-aggregator -> insurers:8900',
];
const POSTGRES = { 'cnpg.io/cluster': 'postgres', 'insuretech.example/store': 'postgres' };
const KAFKA = { 'strimzi.io/cluster': 'kafka', 'insuretech.example/store': 'kafka' };
/** As their operators make them. */
const STORES = [
  pod('postgres-1', POSTGRES, ['5432', '8000']),
  pod('postgres-2', POSTGRES, ['5432', '8000']),
  pod('kafka-1', KAFKA, ['9090', '9091', '9092', '8443']),
  pod('kafka-2', KAFKA, ['9090', '9091', '9092', '8443']),
  pod('kafka-topics', { 'strimzi.io/cluster': 'kafka', 'strimzi.io/name': 'kafka-entity-operator' }, []),
  stranger('strimzi'),
  stranger('cnpg-system'),
];
const between = (one: string, other: string, ports: string[]) =>
  ports.flatMap((port) => [`${one} -> ${other}:${port}`, `${other} -> ${one}:${port}`]);
const PRODUCTION = [
  ...PICTURE('postgres-1', 'kafka-1'),
  ...PICTURE('postgres-2', 'kafka-2'),
  'ingress -> edge:8080',
  'edge -> internet:443',
  'ins-product-aggregator -> internet:443',
  ...between('postgres-1', 'postgres-2', ['5432', '8000']),
  ...between('kafka-1', 'kafka-2', ['9090', '9091']),
  ...['kafka-1', 'kafka-2'].flatMap((kafka) => [
    `kafka-topics -> ${kafka}:9091`,
    ...['9090', '9091', '8443'].map((port) => `strimzi -> ${kafka}:${port}`),
  ]),
  'cnpg-system -> postgres-1:8000',
  'cnpg-system -> postgres-2:8000',
  // Kubernetes' API stands where no selector leads, the archive anywhere.
  ...['postgres-1', 'postgres-2', 'kafka-topics'].flatMap((name) => [
    ...['kubernetes:443', 'kubernetes:6443', 'internet:443', 'private-address:443', 'metadata-service:443'].map(
      (to) => `${name} -> ${to}`,
    ),
  ]),
];
const sorted = (lines: string[]) => [...new Set(lines)].sort();

describe.skipIf(absent)('the network', () => {
  const minikube = absent ? [] : objects(render('k8s/overlays/minikube'));

  it('D3 minikube opens the arrows of the picture, what stands there besides, and nothing else', () => {
    expect(openIn(minikube)).toEqual(sorted(MINIKUBE));
  });

  it.each(['msk', 'nsk'])(
    'D3 %s opens the arrows of the picture, those of its operators, and nothing else',
    (region) => {
      expect(openIn(objects(render(`k8s/overlays/${region}`)), STORES)).toEqual(sorted(PRODUCTION));
    },
  );

  const policy = (all: Manifest[], name: string) =>
    ofKind(all, 'NetworkPolicy').find((each) => each.metadata.name === name);
  const faults: [string, (all: Manifest[]) => void, string[]][] = [
    [
      'no port said at either end',
      (all) => {
        delete policy(all, 'core-app').spec.ingress[0].ports;
        delete policy(all, 'edge').spec.egress[0].ports;
      },
      [`edge -> core-app:${UNTOLD}`],
    ],
    [
      'nothing said of who may come in',
      (all) => delete policy(all, 'postgres').spec.ingress[0].from,
      ['another-namespace', 'ingress', 'internet', 'kube-system', 'kubernetes', 'metadata-service', 'monitoring']
        .map((name) => `${name} -> postgres:5432`)
        .concat('private-address -> postgres:5432'),
    ],
    [
      'a pod that no rule but the denial selects given a way out',
      (all) => policy(all, 'names').spec.egress.push({ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }),
      podsOf(minikube).flatMap(({ name }) =>
        ['80', '443', '5432', UNTOLD].map((port) => `${name} -> internet:${port}`),
      ),
    ],
    [
      'no denial: whoever has no policy of its own is open',
      (all) => all.splice(all.indexOf(policy(all, 'deny-by-default')), 1),
      AROUND.flatMap(({ name }) => [`${name} -> migrations:${UNTOLD}`]),
    ],
  ];
  it.each(faults)('is seen through: %s', (_, spoil, more) => {
    const all = structuredClone(minikube);
    spoil(all);
    expect(openIn(all).filter((line) => !MINIKUBE.includes(line))).toEqual(sorted(more));
  });

  it('is seen through: a policy that selects nobody closes an arrow', () => {
    const all = structuredClone(minikube);
    policy(all, 'to-stores').spec.podSelector.matchExpressions[0].values = ['core'];
    expect(MINIKUBE.filter((line) => !openIn(all).includes(line))).toHaveLength(6);
  });
});
