/** Samples each 5 s; what changes does so at 5 min, and all ends at 12 min. */
const [BEFORE, AFTER] = [60, 84];
/** Half of them: what comes back does so at 8 min 30 s. */
const HALF = AFTER / 2;

const hold = (value: number, samples: number) => `${value}+0x${samples - 1}`;
const climb = (from: number, by: number, samples: number) => `${from}${by < 0 ? '' : '+'}${by}x${samples - 1}`;

/** All the time the same. */
export const still = (value: number) => hold(value, BEFORE + AFTER);
/** One value, and from 5 min on another. */
export const turn = (before: number, after: number) => `${hold(before, BEFORE)} ${hold(after, AFTER)}`;
/** The other one for so many samples alone. */
export const blip = (usual: number, other: number, samples: number) =>
  `${hold(usual, BEFORE)} ${hold(other, samples)} ${hold(usual, AFTER - samples)}`;
/** There until 5 min, as if its scrape failed from then on. */
export const gone = (before: number) => `${hold(before, BEFORE)} stale`;
/** Not there before. */
export const appear = (value: number) => `_x${BEFORE} ${hold(value, AFTER)}`;
/** A counter: so much more with each sample. */
export const count = (by: number) => climb(0, by, BEFORE + AFTER);
/** Counts until 5 min. */
export const stop = (by: number) => `${climb(0, by, BEFORE)} ${hold(by * (BEFORE - 1), AFTER)}`;
/** Counts from 5 min on; it was not there before, as the first of its labels. */
export const begin = (by: number) => `_x${BEFORE} ${climb(0, by, AFTER)}`;
/** Does not count from 5 min to 8 min 30 s. */
export const pause = (by: number) =>
  `${climb(0, by, BEFORE)} ${hold(by * (BEFORE - 1), HALF)} ${climb(by * (BEFORE - 1), by, HALF)}`;
/** Counts only then. */
export const spell = (by: number) => `_x${BEFORE} ${climb(0, by, HALF)} ${hold(by * (HALF - 1), HALF)}`;
/** Away from 5 min to 8 min 30 s. */
export const absence = (value: number) => `${hold(value, BEFORE)} stale _x${HALF - 1} ${hold(value, HALF)}`;
/** Another value then. */
export const dip = (usual: number, other: number) => `${hold(usual, BEFORE)} ${hold(other, HALF)} ${hold(usual, HALF)}`;

/** Series of a region by name and labels. */
export type Series = Readonly<Record<string, string>>;

const QUOTES = 'service="edge",route="/v1/quotes/:product",method="GET"';
const SALES = 'service="edge",route="/v1/policies/*",method="POST"';

/** What the edge answered: all of it, and what of it was answered within 2.5 s. */
export const answers = (
  of: 'quotes' | 'sales',
  status: number,
  { all, prompt }: { all: string; prompt: string },
): Series => {
  const labels = `${of === 'quotes' ? QUOTES : SALES},status="${status}"`;
  return {
    [`http_request_duration_seconds_count{${labels}}`]: all,
    [`http_request_duration_seconds_bucket{${labels},le="2.5"}`]: prompt,
  };
};

/** 10 quotes and 5 sales a second. */
export const RATES = { quotes: 50, sales: 25 } as const;

/** A region in which nothing is wrong: two replicas of core, one of the rest, one insurer. */
export const HEALTHY: Series = {
  'up{service="edge",instance="a"}': still(1),
  'up{service="core-app",instance="a"}': still(1),
  'up{service="core-app",instance="b"}': still(1),
  'up{service="ins-comp-settlement",instance="a"}': still(1),
  'up{service="ins-product-aggregator",instance="a"}': still(1),
  'health_check_ok{service="edge",check="core"}': still(1),
  'health_check_ok{service="core-app",check="database"}': still(1),
  'health_check_ok{service="core-app",check="drain"}': still(1),
  'health_check_ok{service="ins-comp-settlement",check="database"}': still(1),
  'health_check_ok{service="ins-product-aggregator",check="database"}': still(1),
  'postgres_pool_max{service="core-app"}': still(8),
  'postgres_pool_in_use{service="core-app"}': still(3),
  'postgres_pool_waiting{service="core-app"}': still(0),
  'nodejs_eventloop_lag_p99_seconds{service="core-app"}': still(0.02),
  'process_start_time_seconds{service="core-app",instance="a"}': still(1),
  'edge_store_away{service="edge"}': still(0),
  'edge_rate_limited_total{service="edge",caller="alfa"}': still(7),
  ...answers('quotes', 200, { all: count(RATES.quotes), prompt: count(RATES.quotes) }),
  ...answers('sales', 201, { all: count(RATES.sales), prompt: count(RATES.sales) }),
  'outbox_relay_partitions{service="core-app",instance="a",topic="policies.v1"}': still(8),
  'outbox_relay_partitions{service="core-app",instance="b",topic="policies.v1"}': still(4),
  'outbox_relay_partitions{service="ins-product-aggregator",topic="tariffs.v1"}': still(4),
  'outbox_oldest_age_seconds{service="core-app",topic="policies.v1"}': still(0.2),
  'outbox_oldest_age_seconds{service="ins-product-aggregator",topic="tariffs.v1"}': still(0),
  'consumer_lag_events{service="ins-comp-settlement",topic="policies.v1",partition="3"}': still(2),
  'settlement_batch_failures_total{service="ins-comp-settlement",reason="error"}': still(0),
  'settlement_reconciliation_differences{service="ins-comp-settlement"}': still(0),
  'settlement_registers_overdue{service="ins-comp-settlement"}': still(0),
  'core_last_day_told_seconds{service="core-app"}': still(0),
  'catalogue_insurer_freshness{service="core-app",insurer="volga",state="fresh"}': still(1),
  'catalogue_insurer_freshness{service="core-app",insurer="volga",state="stale"}': still(0),
  'catalogue_insurer_freshness{service="core-app",insurer="volga",state="hidden"}': still(0),
  'insurer_last_poll_ok{service="ins-product-aggregator",insurer="volga"}': still(1),
  'insurer_breaker_state{service="ins-product-aggregator",insurer="volga",state="open"}': still(0),
  'insurer_breaker_state{service="ins-product-aggregator",insurer="volga",state="half-open"}': still(0),
};

/** Series of two regions, of which the second is healthy: whatever fires must be of the first. */
export const inRegions = (msk: Series): Series => ({
  ...named('msk', { ...HEALTHY, ...msk }),
  ...named('nsk', HEALTHY),
});

export const named = (region: string, series: Series): Series =>
  Object.fromEntries(
    Object.entries(series).map(([name, values]) => [name.replace('}', `,region="${region}"}`), values]),
  );

/** All that a service tells, changed in one way. */
export const allOf = (service: string, change: (value: number) => string): Series =>
  Object.fromEntries(
    Object.entries(HEALTHY)
      .filter(([name]) => name.includes(`service="${service}"`) && !name.startsWith('up{') && !name.startsWith('http_'))
      .map(([name, values]) => [name, change(Number(/^-?[\d.]+/.exec(values)?.[0]))]),
  );
