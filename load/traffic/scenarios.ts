// What is in this folder runs in Node and in k6: it imports nothing but itself, and types.

/** Requests that a journey makes. */
export type Kind = 'quote' | 'issue' | 'repeat' | 'read' | 'list' | 'cancel';
export type Journey = 'quote' | 'buy' | 'sale';
/** Whose key is used. */
export type Caller = 'site' | 'alfa' | 'beta';

/** Journeys that begin so often, whatever became of those before. */
export type StreamOfScenario = {
  readonly journey: Journey;
  readonly caller: Caller;
  /** Asks for more than it may: 429 is a right answer, and how much is let in is judged. */
  readonly isOverLimit?: boolean;
} & ({ readonly perSecond: number } | { /** Of the partner's limit. */ readonly ofLimit: number });

export interface PhaseOfScenario {
  readonly name?: string;
  readonly seconds: number;
  readonly streams: readonly StreamOfScenario[];
  /** Of all requests of a kind, so many may fail; 0 unless said. */
  readonly failedShare?: number;
  /** In place of that of all scenarios. */
  readonly p95Ms?: number;
  readonly isJudged?: boolean;
}

export const SCENARIO_NAMES = ['smoke', 'peak', 'sale', 'spike', 'soak', 'noisy-partner'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** `scenarios.json`: what k6, locust and autocannon play, and the thresholds of all three. */
export interface Scenarios {
  readonly partnerLimitPerSecond: number;
  readonly p95Ms: number;
  readonly scenarios: Readonly<
    Record<ScenarioName, { readonly says: string; readonly phases: readonly PhaseOfScenario[] }>
  >;
}
