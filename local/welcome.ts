import type { Shared } from './environments.ts';
import { SIMULATORS } from './insurers/simulators.ts';
import { DEMO_RISK } from './load-demo.ts';
import { at, type RegionPlan } from './plan.ts';
import type { Steps } from './steps.ts';

interface Start {
  readonly plans: readonly RegionPlan[];
  readonly steps: Steps;
  readonly shared: Shared;
  /** Base URL of the simulated insurers. */
  readonly insurers: string;
  readonly seconds: number;
}

const STORES = {
  redis: 'redis-server',
  mock: 'an imitation of Redis (for a real one have redis-server on the PATH)',
} as const;

/** What is printed once all is ready: addresses, keys, how long it took, and what to try first. */
export function welcome({ plans, steps, shared, insurers, seconds }: Start): string {
  const rows = plans.map(({ name, ports }) => [
    name,
    at(ports.edge),
    at(ports.core),
    at(ports.settlement),
    at(ports.aggregator),
    at(ports.edgeMetrics),
  ]);
  const took = steps.taken.map(({ name, seconds: of }) => `  ${name.padEnd(18)} ${of.toFixed(1).padStart(5)} s`);
  const first = plans[0];
  return [
    '',
    table([['region', 'edge', 'core', 'settlement', 'aggregator', 'edge metrics'], ...rows]),
    '',
    'Demo keys (only here, only now; also in .local/demo.json)',
    ...Object.entries(shared.keys).map(([name, key]) => `  ${name.padEnd(9)} ${key}`),
    '',
    'Steps',
    ...took,
    '',
    `Ready in ${seconds.toFixed(1)} s, events through ${shared.kafka ? `Kafka at ${shared.kafka}` : 'each region itself'}, edge's store on ${STORES[shared.upstash.backend]}. Logs: .local/logs. Ctrl-C stops all.`,
    '',
    'Try a quote:',
    `  curl '${at(first?.ports.edge ?? 0)}/v1/quotes/osago?${DEMO_RISK}'`,
    'or the whole sale, step by step, in another terminal:',
    '  npm run demo',
    `The insurers are simulated at ${insurers}; make one slow, broken or dearer (local/insurers/README.md):`,
    `  curl -X PUT ${insurers}/control/${SIMULATORS[0]?.id}/fault -d '{"fault":"500"}'`,
    '',
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
