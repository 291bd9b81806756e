import { table } from '../../../local/print-table.ts';
import { seeded } from '../../bench/seeded.ts';
import type { Outcome } from '../drill.ts';
import { applyPrometheus } from './apply-prometheus.ts';
import { addressOf, type Cluster, forUndoing } from './cluster.ts';
import { judgeScaling, rowsOf } from './judge-scaling.ts';
import { getItems } from './kubectl.ts';
import { startUsers } from './users.ts';
import { waitUntil } from './wait-until.ts';
import { type Sample, watchReplicas } from './watch-replicas.ts';
import type { Pod } from './workloads.ts';

const FOLDER = 'k8s/scaletest';
const APP = 'scaletestapp';
/** In the namespace of whoever follows the README by hand. */
const PLACE = { namespace: 'default', name: 'scaletestapp-service' } as const;

interface ScalingPlan {
  readonly name: string;
  /** In k8s/scaletest. */
  readonly file: string;
  readonly autoscaler: string;
  /** In turn, each until there are so many replicas that answer. */
  readonly steps: readonly { readonly users: number; readonly ready: number }[];
  readonly seed: number;
}

/** Of whom there are so few that one pod does for all: while replicas go, somebody must be there to notice. */
const FEW = 4;
const OUT_SECONDS = 240;
const IN_SECONDS = 900;

/** R16: by memory. */
export const scaleByMemory = (cluster: Cluster, { seed }: { seed: number }): Promise<Outcome> =>
  scaleApp(cluster, {
    name: 'memory',
    file: 'hpa.yaml',
    autoscaler: APP,
    steps: [
      { users: 400, ready: 2 },
      { users: 1_000, ready: 3 },
    ],
    seed,
  });

/** R19: by requests per second and pod, as Prometheus counts them and its adapter tells. */
export async function scaleByRequests(cluster: Cluster, { seed }: { seed: number }): Promise<Outcome> {
  await using _prometheus = await applyPrometheus(cluster);
  const steps = [
    { users: 100, ready: 2 },
    { users: 240, ready: 5 },
  ];
  return await scaleApp(cluster, { name: 'requests', file: 'hpa-rps.yaml', autoscaler: `${APP}-rps`, steps, seed });
}

/** S2's steps: the app, its Service, an autoscaler, users until it scales out, and few until it is back at one. */
async function scaleApp(cluster: Cluster, plan: ScalingPlan): Promise<Outcome> {
  const { kubectl, signal, say } = cluster;
  const apply = (file: string) => kubectl(['-n', 'default', 'apply', '-f', `${FOLDER}/${file}`]);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => removeApp(forUndoing(cluster), plan.file));
  await apply('deployment.yaml');
  await apply('service.yaml');
  await kubectl(['-n', 'default', 'rollout', 'status', `deployment/${APP}`, '--timeout=120s']);
  await apply(plan.file);
  const users = stack.use(startUsers({ url: await addressOf(cluster, PLACE), random: seeded(plan.seed) }));
  const aimed = { users: 0 };
  const aim = (count: number) => {
    aimed.users = count;
    users.aim(count);
  };
  const watch = stack.use(
    watchReplicas(cluster, { deployment: APP, autoscaler: plan.autoscaler, users: () => aimed.users }),
  );
  const until = (what: string, mostSeconds: number, isSo: (sample: Sample) => boolean) =>
    waitUntil(async () => Boolean(watch.last() && isSo(watch.last() as Sample)), { signal, what, mostSeconds });
  aim(FEW);
  await until('metric of the autoscaler', OUT_SECONDS, ({ metric, ready }) => metric !== '-' && ready === 1);
  for (const step of plan.steps) {
    aim(step.users);
    say(`  ${plan.name}: ${step.users} users, until ${step.ready} replicas answer`);
    await until(`replica number ${step.ready}`, OUT_SECONDS, ({ ready }) => ready >= step.ready);
  }
  const rampLength = users.asked.length;
  say(`  ${plan.name}: ${FEW} users, until one replica is left`);
  aim(FEW);
  const ended = await until('single replica again', IN_SECONDS, ({ replicas }) => replicas === 1).catch(
    () => undefined,
  );
  signal.throwIfAborted();
  const restarts = await countRestarts(cluster);
  if (ended === undefined) say(`  ${plan.name}: it is not back at one after ${IN_SECONDS} s`);
  for (const line of table(rowsOf(watch.samples))) say(`  ${line}`);
  return judgeScaling({
    name: plan.name,
    samples: watch.samples,
    ramp: users.asked.slice(0, rampLength),
    scaleIn: users.asked.slice(rampLength),
    podsThatAnswered: users.pods.size,
    restarts,
  });
}

async function countRestarts({ kubectl }: Cluster): Promise<number> {
  const pods = await getItems<Pod>(kubectl, '-n', 'default', 'pods', '-l', `app=${APP}`);
  return pods.reduce((sum, { status }) => sum + (status.containerStatuses?.[0]?.restartCount ?? 0), 0);
}

async function removeApp({ kubectl }: Cluster, file: string): Promise<void> {
  const files = ['deployment.yaml', 'service.yaml', file].flatMap((name) => ['-f', `${FOLDER}/${name}`]);
  await kubectl(['-n', 'default', 'delete', ...files, '--ignore-not-found']);
}
