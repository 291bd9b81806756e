import type { Part } from './region.ts';
import {
  busyCores,
  type Costs,
  type Demand,
  firstFull,
  PARTITIONS,
  PARTNER_LIMIT,
  processesFor,
  R6,
  worthOf,
} from './sums.ts';

export interface Measured {
  /** What a region of one core process bears on two cores, and one of two. */
  readonly knees: Readonly<Record<1 | 2, Demand>>;
  readonly costs: Costs;
  readonly premiumRoubles: number;
}

const NAMES: Readonly<Record<Part, string>> = {
  edge: 'edge',
  core: 'core',
  settlement: 'settlement',
  postgres: 'Postgres',
  kafka: 'Kafka',
  store: 'the store',
};
/** Who can be given more processes. */
const REPLICATED: readonly Part[] = ['edge', 'core', 'settlement'];
const TIMES = [1, 10, 100];

const round = (value: number, digits = 2): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: digits });
const times = (demand: Demand, by: number): Demand => ({
  searches: demand.searches * by,
  policies: demand.policies * by,
});

/** The paragraphs and the table of README's Capacity, from what was measured. */
export function sayCapacity({ knees, costs, premiumRoubles }: Measured): string[] {
  const best = knees[2].policies > knees[1].policies ? knees[2] : knees[1];
  const worth = worthOf(best, premiumRoubles);
  const atKnee = busyCores(costs, best);
  const first = firstFull(atKnee, REPLICATED);
  const parts = Object.keys(costs) as Part[];
  const columns = TIMES.map((by) => busyCores(costs, times(R6, by)));
  return [
    `A region on two cores bears ${round(best.searches, 3)} searches and ${round(best.policies, 3)} policies a second in R6's mix, ${round(worth.timesR6)} times R6: ${round(worth.policiesADay)} policies a day, ${round(worth.roublesAnHour)} RUB of premium an hour at ${round(premiumRoubles, 3)} RUB a policy, or ${worth.partners} partners that use all of their ${PARTNER_LIMIT} requests a second. With one core process it is ${round(knees[1].searches, 3)} and ${round(knees[1].policies, 3)}, with two ${round(knees[2].searches, 3)} and ${round(knees[2].policies, 3)}.`,
    '',
    `There ${parts.map((part) => `${NAMES[part]} keeps ${round(atKnee[part])} cores busy`).join(', ')}. The first to add is ${NAMES[first]}: another process on another core. A process does what a core does; no more than 60 % of it is planned with:`,
    '',
    `| | a search, us of a core | a policy | ${TIMES.map((by) => `cores busy at ${by} x R6; processes`).join(' | ')} |`,
    `|---|---|---|${TIMES.map(() => '---|').join('')}`,
    ...parts.map((part) => {
      const cells = columns.map((busy) => `${round(busy[part])}; ${processesFor(busy[part])}`);
      return `| ${NAMES[part]} | ${round(costs[part].search)} | ${round(costs[part].policy)} | ${cells.join(' | ')} |`;
    }),
    '',
    `Postgres is one, so its processes stand for its cores. Settlement's processes share ${PARTITIONS} partitions: ${PARTITIONS} of them bear ${round((PARTITIONS * 0.6 * 1_000_000) / costs.settlement.policy)} policies a second, and partitions are to be added beyond that alone.`,
  ];
}
