import { createInProcessTransport } from '#platform/events/in-process.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { parseConfig as parseAggregatorConfig } from '../aggregator/config.ts';
import { startAggregator } from '../aggregator/main.ts';
import { parseConfig as parseCoreConfig } from '../core/config.ts';
import { startCore } from '../core/main.ts';
import { parseConfig as parseSettlementConfig } from '../settlement/config.ts';
import { startSettlement } from '../settlement/main.ts';

type Env = Record<string, string>;

/**
 * core, settlement and aggregator of one region in one process, over the in-process transport. Readers first, writers
 * last; stopped the other way round. Each gets an environment of its own out of SERVICES, as JSON.
 */
async function startRegion(): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const env = JSON.parse(process.env['SERVICES'] ?? '{}') as { core: Env; settlement: Env; aggregator: Env };
  const log = createLogger({ service: 'region', region: env.core['REGION'] ?? '', level: 'warn' });
  const logError = (err: unknown, message: string, fields: object) => log.error({ err, ...fields }, message);
  const events = stack.use(createInProcessTransport({ wait, logError }));
  const settlement = stack.use(await startSettlement(parseSettlementConfig(env.settlement), events));
  const core = stack.use(await startCore(parseCoreConfig(env.core), events));
  const aggregator = stack.use(await startAggregator(parseAggregatorConfig(env.aggregator), events));
  const owned = stack.move();
  return {
    done: Promise.race([settlement.done, core.done, aggregator.done]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

await runService('region', startRegion);
