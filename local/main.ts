import { rm, writeFile } from 'node:fs/promises';
import { byDefault, field, parseEnv } from '#platform/config/parse-env.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { traceEnv } from '#platform/tracing/trace-env.ts';
import { environmentsOf, type Shared } from './environments.ts';
import { firstQuote, loadPartners } from './load-demo.ts';
import { lockFolder } from './lock.ts';
import { type Options, parseOptions } from './options.ts';
import { at, dataDirOf, insurersPort, planInsurers, planRegions, type RegionPlan, sharedUpstashPort } from './plan.ts';
import { endOrphanedPostgres } from './postgres.ts';
import { requireFreePorts, requireKafka } from './preflight.ts';
import { createProcessList } from './process-list.ts';
import { loadDemoKeys, loadRegionSecrets, loadUpstashToken } from './secrets.ts';
import { startOutside } from './start-outside.ts';
import { type StartContext, settle, startRegion } from './start-region.ts';
import { createSteps } from './steps.ts';
import { choices } from './upstash/config.ts';
import { chooseBackend } from './upstash/open-backend.ts';
import { welcome } from './welcome.ts';

const say = (message: string) => void process.stdout.write(`${message}\n`);

/** Brings up whole regions on this machine, with the insurers around them. */
async function start(): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const startedAt = performance.now();
  const options = parseOptions(process.argv.slice(2));
  const { LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG, ...wanted } = parseEnv(
    { LOG_LEVEL: byDefault(field.logLevel, 'info'), ...traceEnv, ...choices },
    process.env,
  );
  const endpoint = OTEL_EXPORTER_OTLP_ENDPOINT;
  const traces = endpoint === undefined ? {} : { traces: { endpoint, ratio: OTEL_TRACES_SAMPLER_ARG } };
  const upstash = {
    backend: await chooseBackend(wanted.UPSTASH_BACKEND),
    delayMs: wanted.UPSTASH_DELAY_MS,
  };
  const plans = planRegions(options);
  stack.use(await lockFolder());
  await Promise.all(plans.map((plan) => endOrphanedPostgres(dataDirOf(plan))));
  await requireFreePorts(portsOf(options, plans));
  if (options.kafka) await requireKafka(options.kafka);
  say(`Starting ${plans.map((plan) => plan.name).join(' and ')} ...`);
  const steps = createSteps();
  const shared = await share(options, plans, { logLevel: LOG_LEVEL, upstash, ...traces });
  const ctx: StartContext = { shared, steps, say, processes: createProcessList() };
  const parts = await settle<Service>([...startOutside(ctx, options), ...plans.map((plan) => startRegion(ctx, plan))]);
  for (const part of parts) stack.use(part);
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
    done: Promise.race(parts.map((part) => part.done)),
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
  const outside = [
    { port: insurersPort(options), what: 'insurers' },
    { port: sharedUpstashPort(options), what: 'the Upstash stand-in' },
  ];
  return [...inRegions, ...outside];
}

async function share(
  options: Options,
  plans: readonly RegionPlan[],
  chosen: Pick<Shared, 'logLevel' | 'traces' | 'upstash'>,
): Promise<Shared> {
  await rm('.local/demo.json', { force: true });
  const pool = isShared(options) && { url: at(sharedUpstashPort(options)), ...(await loadUpstashToken()) };
  return {
    keys: await loadDemoKeys(),
    ...chosen,
    upstash: { ...chosen.upstash, ...(pool && { shared: pool }) },
    sharePercent: Math.floor(100 / plans.length),
    homes: plans.map((plan) => `${plan.name}=${at(plan.ports.edge)}`).join(','),
    insurers: planInsurers(options),
    ...(options.kafka && { kafka: options.kafka }),
  };
}

/** A region alone shares with nobody. */
const isShared = ({ limits, regions }: Options): boolean => limits === 'shared' && regions.length > 1;

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
