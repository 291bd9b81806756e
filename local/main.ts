import { rm, writeFile } from 'node:fs/promises';
import { field, parseEnv } from '#platform/config/parse-env.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { environmentsOf, type Shared } from './environments.ts';
import { firstQuote, loadPartners } from './load-demo.ts';
import { lockFolder } from './lock.ts';
import { type Options, parseOptions } from './options.ts';
import { at, dataDirOf, insurersPort, planInsurers, planRegions, type RegionPlan } from './plan.ts';
import { endOrphanedPostgres } from './postgres.ts';
import { requireFreePorts, requireKafka } from './preflight.ts';
import { superviseProcess } from './process.ts';
import { createProcessList } from './process-list.ts';
import { loadDemoKeys, loadRegionSecrets } from './secrets.ts';
import { type StartContext, settle, startRegion } from './start-region.ts';
import { createSteps } from './steps.ts';
import { welcome } from './welcome.ts';

const say = (message: string) => void process.stdout.write(`${message}\n`);

/** Brings up whole regions on this machine, with the insurers around them. */
async function start(): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const startedAt = performance.now();
  const options = parseOptions(process.argv.slice(2));
  const { LOG_LEVEL } = parseEnv({ LOG_LEVEL: field.logLevel.default('info') }, process.env);
  const plans = planRegions(options);
  stack.use(await lockFolder());
  await Promise.all(plans.map((plan) => endOrphanedPostgres(dataDirOf(plan))));
  await requireFreePorts(portsOf(options, plans));
  if (options.kafka) await requireKafka(options.kafka);
  say(`Starting ${plans.map((plan) => plan.name).join(' and ')} ...`);
  const steps = createSteps();
  const shared = await share(options, plans, LOG_LEVEL);
  const ctx: StartContext = { shared, steps, say, processes: createProcessList() };
  const [outside, ...regions] = await settle<Service>([
    startInsurers(ctx, options),
    ...plans.map((plan) => startRegion(ctx, plan)),
  ]);
  for (const part of [outside, ...regions]) if (part) stack.use(part);
  await steps.time('demo partners', () => Promise.all(plans.map((plan) => loadPartners(plan, shared.keys))));
  await steps.time('first quote', () =>
    Promise.all(plans.map((plan) => firstQuote(plan, { key: shared.keys.site, insurers: options.insurers }))),
  );
  await tell(options, plans, shared);
  stack.defer(() => rm('.local/demo.json', { force: true }));
  const seconds = (performance.now() - startedAt) / 1000;
  say(welcome({ plans, steps, shared, insurers: at(insurersPort(options)), seconds }));
  stack.defer(() => say('Stopped.'));
  const owned = stack.move();
  return {
    done: Promise.race([outside, ...regions].map((part) => part?.done ?? Promise.resolve())),
    async [Symbol.asyncDispose]() {
      say('Stopping ...');
      await owned.disposeAsync();
    },
  };
}

function portsOf(options: Options, plans: readonly RegionPlan[]) {
  const inRegions = plans.flatMap((plan) =>
    Object.entries(plan.ports).map(([what, port]) => ({ port, what: `${what} of ${plan.name}` })),
  );
  return [...inRegions, { port: insurersPort(options), what: 'insurers' }];
}

async function share(options: Options, plans: readonly RegionPlan[], logLevel: string): Promise<Shared> {
  await rm('.local/demo.json', { force: true });
  return {
    keys: await loadDemoKeys(),
    logLevel,
    homes: plans.map((plan) => `${plan.name}=${at(plan.ports.edge)}`).join(','),
    insurers: planInsurers(options),
    ...(options.kafka && { kafka: options.kafka }),
  };
}

function startInsurers(ctx: StartContext, options: Options): Promise<Service> {
  const port = insurersPort(options);
  return ctx.steps.time('insurers', () =>
    superviseProcess({
      name: 'insurers',
      entry: 'local/insurers/main.ts',
      env: { PORT: String(port), INSURER_COUNT: String(options.insurers) },
      readyUrl: `${at(port)}/healthz/live`,
      logFile: '.local/logs/insurers.log',
      say,
      processes: ctx.processes,
    }),
  );
}

/** Writes what scripts and other runtimes need to find and use what runs; secrets are for this user alone. */
async function tell(options: Options, plans: readonly RegionPlan[], shared: Shared): Promise<void> {
  for (const plan of plans) {
    const { edge } = environmentsOf(plan, await loadRegionSecrets(plan.name), shared);
    const lines = Object.entries(edge).map(([name, value]) => `${name}=${value}`);
    await writeFile(`.local/${plan.name}/edge.env`, `${lines.join('\n')}\n`, { mode: 0o600 });
  }
  const regions = plans.map(({ name, ports }) => ({
    name,
    edge: at(ports.edge),
    edgeMetrics: at(ports.edgeMetrics),
    core: at(ports.core),
    settlement: at(ports.settlement),
    aggregator: at(ports.aggregator),
  }));
  const demo = { regions, keys: shared.keys, insurers: at(insurersPort(options)) };
  await writeFile('.local/demo.json', JSON.stringify(demo, null, 2), { mode: 0o600 });
}

await runService('InsureTech', start);
