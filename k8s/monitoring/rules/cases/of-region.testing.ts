import { fires, silent } from './case.testing.ts';
import {
  absence,
  allOf,
  answers,
  begin,
  blip,
  count,
  dip,
  gone,
  pause,
  RATES,
  type Series,
  spell,
  stop,
  turn,
} from './region.testing.ts';

const EDGE = 'up{service="edge",instance="a"}';
const CORES = ['up{service="core-app",instance="a"}', 'up{service="core-app",instance="b"}'] as const;
const CHECKS = {
  edge: 'health_check_ok{service="edge",check="core"}',
  core: 'health_check_ok{service="core-app",check="database"}',
  drain: 'health_check_ok{service="core-app",check="drain"}',
  settlement: 'health_check_ok{service="ins-comp-settlement",check="database"}',
  aggregator: 'health_check_ok{service="ins-product-aggregator",check="database"}',
} as const;
const both = (values: string): Series => ({ [CORES[0]]: values, [CORES[1]]: values });

/** Every sale and every quote is 503 from 5 min on. */
const NOTHING_ANSWERED: Series = {
  ...answers('quotes', 200, { all: stop(RATES.quotes), prompt: stop(RATES.quotes) }),
  ...answers('quotes', 503, { all: begin(RATES.quotes), prompt: begin(RATES.quotes) }),
  ...answers('sales', 201, { all: stop(RATES.sales), prompt: stop(RATES.sales) }),
  ...answers('sales', 503, { all: begin(RATES.sales), prompt: begin(RATES.sales) }),
};
const NO_SALE: Series = {
  ...answers('sales', 201, { all: stop(RATES.sales), prompt: stop(RATES.sales) }),
  ...answers('sales', 503, { all: begin(RATES.sales), prompt: begin(RATES.sales) }),
};
const CORE_AWAY: Series = {
  ...both(turn(1, 0)),
  ...allOf('core-app', gone),
  [CHECKS.edge]: turn(1, 0),
  ...NOTHING_ANSWERED,
};
const DATABASE_AWAY: Series = {
  ...Object.fromEntries(Object.values(CHECKS).map((check) => [check, turn(1, 0)])),
  ...NO_SALE,
  'outbox_relay_partitions{service="core-app",instance="a",topic="policies.v1"}': turn(8, 0),
  'outbox_relay_partitions{service="core-app",instance="b",topic="policies.v1"}': turn(4, 0),
  'outbox_relay_partitions{service="ins-product-aggregator",topic="tariffs.v1"}': turn(4, 0),
  'outbox_oldest_age_seconds{service="core-app",topic="policies.v1"}': gone(0.2),
  'settlement_batch_failures_total{service="ins-comp-settlement",reason="error"}': '0+0x59 0+5x83',
};

export const ofRegion = [
  fires('EdgeDown', 'its scrape fails', {
    at: '5m30s',
    msk: { [EDGE]: turn(1, 0), ...allOf('edge', gone) },
  }),
  fires('EdgeDown', 'it is not even found any more', { at: '5m30s', msk: { [EDGE]: gone(1), ...allOf('edge', gone) } }),
  silent('EdgeDown', 'two scrapes fail', { at: '5m40s', msk: { [EDGE]: blip(1, 0, 2) } }),

  fires('CoreDown', 'both replicas are away, nothing is answered', { at: '5m30s', msk: CORE_AWAY }),
  fires('CoreDown', 'it dies whenever it is up for ten seconds', {
    at: '6m30s',
    msk: both(`1+0x59 ${'0 0 0 0 1 1 '.repeat(14).trim()}`),
  }),
  silent('CoreDown', 'one of two replicas is away', { at: '6m', msk: { [CORES[0]]: turn(1, 0) } }),
  silent('CoreDown', 'it came back, and what it cost is still in the windows', {
    at: '10m',
    msk: {
      ...both(dip(1, 0)),
      ...allOf('core-app', absence),
      [CHECKS.edge]: dip(1, 0),
      ...answers('quotes', 200, { all: pause(RATES.quotes), prompt: pause(RATES.quotes) }),
      ...answers('quotes', 503, { all: spell(RATES.quotes), prompt: spell(RATES.quotes) }),
      ...answers('sales', 201, { all: pause(RATES.sales), prompt: pause(RATES.sales) }),
      ...answers('sales', 503, { all: spell(RATES.sales), prompt: spell(RATES.sales) }),
    },
  }),

  fires('DatabaseAway', 'no service reaches it: no relay, no sale, no batch', { at: '5m30s', msk: DATABASE_AWAY }),
  fires('DatabaseAway', 'and core, restarted, does not come up without it', {
    at: '6m30s',
    msk: { ...DATABASE_AWAY, ...CORE_AWAY, [CHECKS.settlement]: turn(1, 0) },
  }),
  silent('DatabaseAway', 'core alone cannot commit, the others reach it', {
    at: '6m',
    msk: { [CHECKS.core]: turn(1, 0), [CHECKS.edge]: turn(1, 0), ...NO_SALE },
    instead: 'RegionCannotSell',
  }),

  fires('CorePoolExhausted', 'all connections are in use and queries wait', {
    at: '6m15s',
    msk: {
      'postgres_pool_in_use{service="core-app"}': turn(3, 8),
      'postgres_pool_waiting{service="core-app"}': turn(0, 5),
    },
  }),
  silent('CorePoolExhausted', 'they wait so long that nothing is sold', {
    at: '6m15s',
    msk: {
      'postgres_pool_in_use{service="core-app"}': turn(3, 8),
      'postgres_pool_waiting{service="core-app"}': turn(0, 5),
      [CHECKS.core]: turn(1, 0),
      [CHECKS.edge]: turn(1, 0),
      ...NO_SALE,
    },
    instead: 'RegionCannotSell',
  }),
  silent('CorePoolExhausted', 'a query waits while a connection is opened', {
    at: '6m30s',
    msk: { 'postgres_pool_waiting{service="core-app"}': turn(0, 5) },
  }),

  fires('RegionCannotSell', 'the edge does not reach a core that is there', {
    at: '5m40s',
    msk: { [CHECKS.edge]: turn(1, 0), ...NOTHING_ANSWERED },
  }),
  fires('RegionCannotSell', 'now and then it does', {
    at: '6m30s',
    msk: { [CHECKS.edge]: `1+0x59 ${'0 0 1 '.repeat(28).trim()}`, ...NO_SALE },
  }),
  silent('RegionCannotSell', 'for 10 s', { at: '5m45s', msk: { [CHECKS.edge]: blip(1, 0, 2) } }),

  fires('RegionDrained', 'by an operator, and the edge says so', {
    at: '5m30s',
    msk: { [CHECKS.drain]: turn(1, 0), [CHECKS.edge]: turn(1, 0) },
  }),
  silent('RegionDrained', 'its database is away, which it would have to ask', {
    at: '6m',
    msk: DATABASE_AWAY,
    instead: 'DatabaseAway',
  }),

  fires('EventLoopBlocked', 'by 0.8 s at a time', {
    at: '5m40s',
    msk: { 'nodejs_eventloop_lag_p99_seconds{service="core-app"}': turn(0.02, 0.8) },
    labels: { service: 'core-app' },
  }),
  silent('EventLoopBlocked', 'by 0.4 s at a time', {
    at: '8m',
    msk: { 'nodejs_eventloop_lag_p99_seconds{service="core-app"}': turn(0.02, 0.4) },
  }),

  fires('ServiceRestarting', 'three times', {
    at: '7m',
    msk: { 'process_start_time_seconds{service="core-app",instance="a"}': '1+0x59 2+0x3 3+0x3 4+0x60' },
    labels: { service: 'core-app' },
  }),
  silent('ServiceRestarting', 'twice, as by a rollout that was mended', {
    at: '7m',
    msk: { 'process_start_time_seconds{service="core-app",instance="a"}': '1+0x59 2+0x3 3+0x60' },
  }),

  fires('StoreAway', 'all the time', { at: '5m40s', msk: { 'edge_store_away{service="edge"}': turn(0, 1) } }),
  silent('StoreAway', 'for 20 s', { at: '5m50s', msk: { 'edge_store_away{service="edge"}': blip(0, 1, 4) } }),

  fires('PartnerFlooding', 'refused 10 times a second', {
    at: '6m20s',
    msk: { 'edge_rate_limited_total{service="edge",caller="alfa"}': count(50) },
    labels: { caller: 'alfa' },
  }),
  silent('PartnerFlooding', 'refused 4 times a second', {
    at: '8m',
    msk: { 'edge_rate_limited_total{service="edge",caller="alfa"}': count(20) },
  }),
];
