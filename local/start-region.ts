import type { Service } from '#platform/lifecycle/service.ts';
import { provision } from '#platform/postgres/provision.ts';
import { databaseUrl, type Environments, environmentsOf, type Shared } from './environments.ts';
import { at, dataDirOf, type RegionPlan } from './plan.ts';
import { startPostgres } from './postgres.ts';
import { superviseProcess } from './process.ts';
import type { ProcessList } from './process-list.ts';
import { loadRegionSecrets, type RegionSecrets } from './secrets.ts';
import type { Steps } from './steps.ts';

export interface StartContext {
  readonly shared: Shared;
  readonly steps: Steps;
  readonly say: (message: string) => void;
  readonly processes: ProcessList;
}

/** Starts a whole region: its Postgres with roles and migrations, then its services, each a process of its own. */
export async function startRegion(ctx: StartContext, plan: RegionPlan): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const { name, ports } = plan;
  const secrets = await loadRegionSecrets(name);
  const postgres = stack.use(
    await ctx.steps.time(`${name}: Postgres`, () =>
      startPostgres({
        dataDir: dataDirOf(plan),
        port: ports.postgres,
        password: secrets.adminPassword,
        logFile: `.local/logs/${name}-postgres.log`,
      }),
    ),
  );
  ctx.processes.started(`${name}-postgres`, postgres.pid);
  await ctx.steps.time(`${name}: migrations`, () => migrate(plan, secrets));
  const env = environmentsOf(plan, secrets, ctx.shared);
  const services = await ctx.steps.time(`${name}: services`, () => startServices(ctx, plan, env));
  for (const service of services) stack.use(service);
  const owned = stack.move();
  return {
    done: Promise.race([postgres.done, ...services.map((service) => service.done)]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function migrate(plan: RegionPlan, secrets: RegionSecrets): Promise<void> {
  return provision(databaseUrl(plan, 'postgres', secrets.adminPassword), {
    core: secrets.corePassword,
    settlement: secrets.settlementPassword,
    aggregator: secrets.aggregatorPassword,
  });
}

/** Edge last and so stopped first: it turns callers away while the rest finishes. */
async function startServices(ctx: StartContext, plan: RegionPlan, env: Environments): Promise<Service[]> {
  const { ports } = plan;
  const start = (name: string, options: { entry: string; port: number; env: Record<string, string> }) =>
    superviseProcess({
      name: `${plan.name}-${name}`,
      entry: options.entry,
      env: options.env,
      readyUrl: `${at(options.port)}/healthz/ready`,
      logFile: `.local/logs/${plan.name}-${name}.log`,
      say: ctx.say,
      processes: ctx.processes,
    });
  const alone = () => [
    start('settlement', { entry: 'settlement/main.ts', port: ports.settlement, env: env.settlement }),
    start('core', { entry: 'core/main.ts', port: ports.core, env: env.core }),
    start('aggregator', { entry: 'aggregator/main.ts', port: ports.aggregator, env: env.aggregator }),
  ];
  const together = () => {
    const { core, settlement, aggregator } = env;
    const services = { SERVICES: JSON.stringify({ core, settlement, aggregator }), LOG_LEVEL: ctx.shared.logLevel };
    return [start('region', { entry: 'local/region.ts', port: ports.aggregator, env: services })];
  };
  const ownStore = () => start('upstash', { entry: 'local/upstash/main.ts', port: ports.upstash, env: env.upstash });
  return settle([
    ...(ctx.shared.upstash.shared ? [] : [ownStore()]),
    ...(ctx.shared.kafka ? alone() : together()),
    start('edge', { entry: 'edge/node.ts', port: ports.edge, env: env.edge }),
  ]);
}

/** All of them, or none: what did start is stopped when one does not. */
export async function settle<T extends AsyncDisposable>(starting: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(starting);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) return started;
  await Promise.all(started.map((service) => service[Symbol.asyncDispose]()));
  throw failed.reason;
}
