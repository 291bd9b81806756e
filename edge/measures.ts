import type { EdgeApp } from './app.ts';
import type { EdgeContext } from './context.ts';
import { NEEDS } from './forward/hop.ts';
import { LANES } from './forward/queue.ts';
import { COUNTED, LEASE_OUTCOMES } from './limits/tally.ts';

/** One series as it is now. */
interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric that costs nothing until it is asked for. */
export interface Measure {
  readonly type: 'gauge' | 'counter';
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => readonly Sample[];
}

/** How things stand in this process: what an entry that can be scraped shows besides what it is told by `observe`. */
export function measuresOf(ctx: EdgeContext, app: EdgeApp): readonly Measure[] {
  return [
    ...hopMeasures(ctx),
    overloadMeasure(app),
    ...limitMeasures(app),
    ...storeMeasures(ctx),
    ...cacheMeasures(app),
  ];
}

const one = (value: number): readonly Sample[] => [{ value }];

function hopMeasures({ hop: { circuits, queue } }: EdgeContext): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'edge_core_calls_under_way',
      help: 'Calls to core under way',
      read: () => one(queue.underWay()),
    },
    {
      type: 'gauge',
      name: 'edge_core_calls_waiting',
      help: 'Calls that wait for a place',
      labelNames: ['lane'],
      read: () => LANES.map((lane) => ({ labels: { lane }, value: queue.waiting(lane) })),
    },
    {
      type: 'gauge',
      name: 'edge_core_circuit_open',
      help: '1 while core is left alone, or one call tries it',
      labelNames: ['need'],
      read: () => NEEDS.map((need) => ({ labels: { need }, value: Number(circuits[need].state() !== 'closed') })),
    },
  ];
}

function overloadMeasure({ cache }: EdgeApp): Measure {
  return {
    type: 'gauge',
    name: 'edge_overloaded',
    help: '1 while new quotes are refused, because more are asked for than core can answer',
    read: () => one(Number(cache.isOverloaded())),
  };
}

function limitMeasures({ limiter }: EdgeApp): readonly Measure[] {
  const { tally } = limiter;
  return [
    {
      type: 'counter',
      name: 'edge_limit_decisions_total',
      help: 'Requests by what their limit said; counted: by tokens of the store (pool), or by this process alone',
      labelNames: ['policy', 'counted', 'decision'],
      read: () =>
        COUNTED.flatMap((how) => {
          const policy = how === 'address' ? 'address' : 'partner';
          const counted = how === 'pool' ? 'pool' : 'alone';
          const { admitted, refused } = tally.decisions[how];
          return [
            { labels: { policy, counted, decision: 'admitted' }, value: admitted },
            { labels: { policy, counted, decision: 'refused' }, value: refused },
          ];
        }),
    },
    {
      type: 'counter',
      name: 'edge_limit_leases_total',
      help: 'Calls to the store for tokens by what they brought',
      labelNames: ['outcome'],
      read: () => LEASE_OUTCOMES.map((outcome) => ({ labels: { outcome }, value: tally.leases[outcome] })),
    },
    {
      type: 'counter',
      name: 'edge_limit_tokens_leased_total',
      help: 'Tokens that the store gave',
      read: () => one(tally.tokensLeased),
    },
    {
      type: 'gauge',
      name: 'edge_limit_tokens_held',
      help: 'Tokens leased for the second under way and not used',
      read: () => one(limiter.tokensHeld()),
    },
  ];
}

/** Nothing where no store is configured: that is no fault. */
function storeMeasures({ config, store }: EdgeContext): readonly Measure[] {
  if (config.UPSTASH_REDIS_REST_URL === undefined) return [];
  return [
    {
      type: 'gauge',
      name: 'edge_store_away',
      help: '1 while the store is left alone because its last call failed: limits are counted and answers kept here alone',
      read: () => one(Number(store.isAway())),
    },
  ];
}

function cacheMeasures({ cache }: EdgeApp): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'edge_cache_entries',
      help: 'Answers kept in this process',
      read: () => one(cache.size().entries),
    },
    { type: 'gauge', name: 'edge_cache_bytes', help: 'What they take', read: () => one(cache.size().bytes) },
  ];
}
