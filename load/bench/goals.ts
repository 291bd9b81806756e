/** What a figure should be. With neither bound it has no goal: a peer, shown beside the goals. */
export interface Goal {
  readonly bench: string;
  /** Its name in the benchmark's figures. */
  readonly figure: string;
  /** The same for somebody who has not read the benchmark. */
  readonly says: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What is judged; the median unless said otherwise. */
  readonly of?: 'p99';
  /** The requirement that it serves: a number, or a fault by its letter. */
  readonly serves: string;
}

const of = (bench: string, serves: string, goals: readonly Omit<Goal, 'bench' | 'serves'>[]): Goal[] =>
  goals.map((goal) => ({ bench, serves, ...goal }));

/** Every figure that has a goal or a peer, in the order in which README tells them. */
export const GOALS: readonly Goal[] = [
  ...of('edge', '(a), R6', [
    {
      figure: 'the edge on workerd / bare workerd',
      says: 'cached quotes a second of the whole edge (key, limit, cache, headers) on workerd / bare workerd, same bytes',
      atLeast: 0.85,
    },
    { figure: 'the edge on Node / bare node:http', says: 'the same on Node / bare node:http', atLeast: 0.7 },
    { figure: 'the edge on Node / nginx', says: 'the same on Node / nginx `proxy_cache`', atLeast: 0.4 },
    {
      figure: 'the edge on Node / nginx limit_req and proxy_cache',
      says: 'the same on Node / nginx `limit_req` and `proxy_cache`',
    },
    {
      figure: 'p99: the edge on workerd / bare workerd',
      says: 'p99 at 30 % of the maximum, workerd / bare workerd',
      atMost: 1.25,
    },
    {
      figure: 'core with the cache / without',
      says: "core's processor time for quotes, 95 % hits / no cache",
      atMost: 0.1,
    },
  ]),
  ...of('edge', '(c), R7, D6', [
    {
      figure: 'the edge / @upstash/ratelimit',
      says: 'requests a second, a store 1 ms away: the edge / `@upstash/ratelimit` asked for each',
      atLeast: 5,
    },
    {
      figure: 'the edge / hono-rate-limiter, store at 1 ms',
      says: 'the same / `hono-rate-limiter` with its Redis store',
    },
    {
      figure: 'the edge / hono-rate-limiter in memory',
      says: 'the whole edge on Node / `hono-rate-limiter` in memory and fixed bytes, which shares nothing and has no cache',
    },
    {
      figure: 'store calls for 1,000 admitted, 1,000 a second, workerd',
      says: 'calls to the store for 1,000 admitted of a partner of 1,000 a second, workerd',
      atMost: 20,
    },
    { figure: 'store calls for 1,000 admitted, 1,000 a second, node', says: 'the same on Node', atMost: 20 },
    {
      figure: 'p50 that a store 50 ms away adds, workerd',
      says: 'ms that a store 50 ms away adds for a partner of 20 a second, p50, workerd',
      atMost: 1,
    },
    { figure: 'p50 that a store 50 ms away adds, node', says: 'the same on Node', atMost: 1 },
  ]),
  ...of('issuing', 'R6, S3.2', [
    {
      figure: '32 connections / pgbench',
      says: 'policies a second over HTTP, 32 connections / pgbench, the same six statements, 8 clients',
      atLeast: 1,
    },
    { figure: '8 connections / pgbench', says: 'the same, 8 connections', atLeast: 0.7 },
    {
      figure: '32 connections / naive',
      says: 'policies a second, 32 connections / a naive Drizzle transaction over HTTP',
      atLeast: 4,
    },
    { figure: 'with the outbox / without', says: 'policies a second, with the outbox / without', atLeast: 0.9 },
  ]),
  ...of('outbox', 'S3.2', [
    {
      figure: 'relay / kafkajs alone',
      says: 'events a second, the relay / kafkajs alone with the same bytes in the same batches',
      atLeast: 0.85,
    },
    { figure: 'relay / Debezium', says: 'the relay / Debezium embedded, from the log, warm, tuned' },
    {
      figure: 'relay / pg-transactional-outbox, replication',
      says: 'the relay / `pg-transactional-outbox` by replication, tuned',
    },
    {
      figure: 'relay / pg-transactional-outbox, polling',
      says: 'the same, polling, which keeps no order',
    },
    {
      figure: '1000000 waiting / 1000',
      says: 'processor time of an event, 1,000,000 waiting / 1,000',
      atMost: 1.15,
    },
    { figure: 'old snapshot held / none', says: 'the same, an old snapshot held open / none', atMost: 1.25 },
    {
      figure: 'p50, relay / bare',
      says: 'commit to consumed at 500 events a second, p50, relay / a bare send after commit',
      atMost: 1.5,
    },
    { figure: 'p99, relay / bare', says: 'the same, p99', atMost: 2 },
  ]),
  ...of('settlement', 'R12, R13, D9', [
    {
      figure: 'batches / one by one, 12 partitions',
      says: 'events a second booked in batches / one transaction an event, same effects',
      atLeast: 40,
    },
    {
      figure: 'booked / COPY, a transaction a batch',
      says: 'events a second booked in batches / COPY of the same rows into the same tables',
      atLeast: 0.4,
    },
    { figure: 'again / first', says: 'all of them duplicates / the first time', atLeast: 2 },
    { figure: '10000000 entries / 10000', says: '10,000,000 entries in the ledger / 10,000', atLeast: 0.9 },
    {
      figure: 'register as CSV: peak over idle',
      says: 'register of 1,000,000 lines as CSV, peak over idle RSS, MiB',
      atMost: 64,
    },
    { figure: 'register as JSON: peak over idle', says: 'the same as JSON', atMost: 64 },
  ]),
  ...of('overload', '(c), R7', [
    {
      figure: 'goodput, flood / peak',
      says: 'ten times as many quotes as a region bears: what is answered in time / at its peak',
      atLeast: 0.9,
    },
    { figure: 'p99, flood / at 50 %', says: 'p99 of who is let in then / at half of what it bears', atMost: 2 },
    { figure: 'purchases that succeed, flood', says: 'purchases that succeed meanwhile, %', atLeast: 99.9 },
    { figure: 'recovered after', says: 'until all is answered as before, s', atMost: 10 },
  ]),
  ...of('aggregator', 'R11, R14, D8', [
    {
      figure: 'one hangs: until the last / the timeout of one',
      // The timeout itself, and a hundredth of it for the call around it.
      says: 'ten insurers polled at once, one hanging: until the last / the timeout of one',
      atMost: 1.01,
    },
    {
      figure: 'median of nine: one hangs against healthy',
      says: 'the other nine are slower while one hangs, %',
      atMost: 5,
    },
    {
      figure: 'a new price: forced poll to a quote at the edge',
      says: 'a new price, from the forced poll to a quote at the edge, p99, ms',
      of: 'p99',
      atMost: 2_000,
    },
  ]),
];

/** The goal of a figure, if it has one. */
export const goalOf = (bench: string, figure: string): Goal | undefined =>
  GOALS.find((goal) => goal.bench === bench && goal.figure === figure);

/** `at least 0.85`; empty without a goal. */
export function boundOf({ atLeast, atMost }: Pick<Goal, 'atLeast' | 'atMost'>): string {
  if (atLeast !== undefined) return `at least ${atLeast.toLocaleString('en')}`;
  return atMost === undefined ? '' : `at most ${atMost.toLocaleString('en')}`;
}
