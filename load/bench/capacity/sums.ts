import type { Part } from './region.ts';

/** What is asked of a region, a second. */
export interface Demand {
  /** Searches, of which as many are for something new as the mix has. */
  readonly searches: number;
  readonly policies: number;
}

/** Processor time, us of a core, of one search of the mix and of one policy, by who spends it. */
export type Costs = Readonly<Record<Part, { readonly search: number; readonly policy: number }>>;

/** R6: the recorded peak. */
export const R6: Demand = { searches: 50, policies: 10 };
/** The agreed limit of a partner, requests a second. */
export const PARTNER_LIMIT = 20;
/** A part is bought so large that no more than this of it is used: what is left is for a second that is worse. */
export const MOST_USED = 0.6;
/** A topic of policies has so many: no more settlements than this work at once. */
export const PARTITIONS = 12;
const US = 1_000_000;
const SECONDS_AN_HOUR = 3_600;
const SECONDS_A_DAY = 86_400;

/** Cores that each part keeps busy. */
export function busyCores(costs: Costs, { searches, policies }: Demand): Record<Part, number> {
  const busy = (part: Part) => (searches * costs[part].search + policies * costs[part].policy) / US;
  return Object.fromEntries((Object.keys(costs) as Part[]).map((part) => [part, busy(part)])) as Record<Part, number>;
}

/** Processes of one core each, with room for a worse second. At least one. */
export const processesFor = (busy: number): number => Math.max(1, Math.ceil(busy / MOST_USED - 1e-9));

/** What a region that bears so much earns and serves. */
export interface Worth {
  readonly policiesADay: number;
  readonly roublesAnHour: number;
  /** Partners that use all of their limit all the time. */
  readonly partners: number;
  readonly timesR6: number;
}

export function worthOf({ searches, policies }: Demand, premiumRoubles: number): Worth {
  return {
    policiesADay: policies * SECONDS_A_DAY,
    roublesAnHour: policies * SECONDS_AN_HOUR * premiumRoubles,
    partners: Math.floor((searches + policies) / PARTNER_LIMIT),
    timesR6: policies / R6.policies,
  };
}

/** Who is full first as a demand grows, if each has a core: what is to be added first. */
export function firstFull(busy: Readonly<Record<Part, number>>, among: readonly Part[]): Part {
  return among.reduce((fullest, part) => (busy[part] > busy[fullest] ? part : fullest));
}
