import { type Cluster, MARK, NAMESPACE } from './cluster.ts';
import { getItems } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';

interface Claim {
  readonly name: string;
  readonly storage: string;
}

type Claiming = {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    volumeClaimTemplates?: { metadata: { name: string }; spec: { resources: { requests: { storage: string } } } }[];
  };
};

const FOLDER = '/var/tmp/insuretech-drill';
const JOB = 'insuretech-drill-volumes';
const PATIENCE_SECONDS = 60;

/** What the StatefulSets among some objects will claim, by the name that Kubernetes gives the claim. */
export function claimsOf(objects: readonly Claiming[]): Claim[] {
  return objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .flatMap(({ metadata, spec }) =>
      (spec.volumeClaimTemplates ?? []).flatMap((template) =>
        Array.from({ length: spec.replicas ?? 1 }, (_, index) => ({
          name: `${template.metadata.name}-${metadata.name}-${index}`,
          storage: template.spec.resources.requests.storage,
        })),
      ),
    );
}

/**
 * In a cluster that makes no volumes by itself, as its one node has no provisioner, makes them in a folder of that node.
 * With an emptyDir in their place a deleted pod of Postgres would lose its data, and the drill would show nothing.
 */
export async function provideVolumes(cluster: Cluster, objects: readonly Claiming[]): Promise<void> {
  if ((await getItems(cluster.kubectl, 'storageclasses')).length > 0) return;
  const made = await getItems<{ metadata: { name: string } }>(cluster.kubectl, 'persistentvolumes', '-l', MARK);
  const known = new Set(made.map(({ metadata }) => metadata.name));
  const claims = claimsOf(objects).filter((claim) => !known.has(volumeName(claim)));
  if (claims.length === 0) return;
  await onNode(cluster, claims.map(({ name }) => `mkdir('${name}')`).join(';'));
  const items = [
    ...objects.filter(({ kind }) => kind === 'Namespace'),
    ...claims.flatMap((claim) => [volumeOf(claim), claimOf(claim)]),
  ];
  await cluster.kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
  const bound = ['persistentvolumeclaim', '--all', '--for=jsonpath={.status.phase}=Bound'];
  await cluster.kubectl(['-n', NAMESPACE, 'wait', ...bound, `--timeout=${PATIENCE_SECONDS}s`]);
  cluster.say(`No StorageClass: ${claims.length} volumes are folders of the node`);
}

/** Deletes the volumes that were made, and what is in them. */
export async function removeVolumes(cluster: Cluster): Promise<void> {
  const marked = await getItems(cluster.kubectl, 'persistentvolumes', '-l', MARK);
  if (marked.length === 0) return;
  await cluster.kubectl(['delete', 'persistentvolumes', '-l', MARK]);
  await onNode(cluster, 'empty()');
}

const volumeName = ({ name }: Pick<Claim, 'name'>) => `insuretech-drill-${name}`;

const volumeOf = ({ name, storage }: Claim) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: volumeName({ name }), labels: { [MARK]: 'volume' } },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: NAMESPACE, name },
    storageClassName: '',
    hostPath: { path: `${FOLDER}/${name}`, type: 'Directory' },
  },
});

/** Made before the StatefulSet would: a pod whose claim is bound a moment too late is not looked at again for minutes. */
const claimOf = ({ name, storage }: Claim) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: '',
    volumeName: volumeName({ name }),
    resources: { requests: { storage } },
  },
});

/** Runs a line of Node on the node's own folder; as root, which the region's namespace would refuse. */
async function onNode({ kubectl, signal }: Cluster, line: string): Promise<void> {
  const script = `const fs = require('node:fs'), mkdir = (name) => { fs.rmSync('/v/' + name, { recursive: true, force: true });
    fs.mkdirSync('/v/' + name); fs.chmodSync('/v/' + name, 0o777) },
    empty = () => fs.readdirSync('/v').forEach((name) => fs.rmSync('/v/' + name, { recursive: true })); ${line}`;
  const container = {
    name: 'node',
    image: 'insuretech:dev',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', script],
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: 'folder', mountPath: '/v' }],
  };
  const volumes = [{ name: 'folder', hostPath: { path: FOLDER, type: 'DirectoryOrCreate' } }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: JOB, namespace: 'kube-system' } };
  const spec = { restartPolicy: 'Never', containers: [container], volumes };
  const there = ['-n', 'kube-system', 'pod', JOB];
  await kubectl(['delete', ...there, '--ignore-not-found']);
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify({ ...pod, spec }) });
  const phase = await waitUntil(
    async () => {
      const said = await kubectl(['get', ...there, '-o', 'jsonpath={.status.phase}']);
      return ['Succeeded', 'Failed'].includes(said) && said;
    },
    { signal, what: `end of pod "${JOB}"`, mostSeconds: PATIENCE_SECONDS },
  );
  const log = phase === 'Failed' ? await kubectl(['logs', '-n', 'kube-system', JOB]) : '';
  await kubectl(['delete', ...there]);
  if (phase === 'Failed') throw new Error(`The volumes could not be made: ${log.trim().split('\n').at(-1)}`);
}
