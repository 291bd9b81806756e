import { JOURNEYS } from './journeys/journeys.ts';
import type { Settings } from './read-settings.ts';
import type { Caller, Journey, Kind, PhaseOfScenario, ScenarioName, Scenarios, StreamOfScenario } from './scenarios.ts';

/** Journeys at an even pace for some time, whatever became of those before. */
export interface Stream {
  /** No other stream of the run has it. */
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly journey: Journey;
  readonly caller: Caller;
  readonly isOverLimit: boolean;
  /** Whole ones. */
  readonly perSecond: number;
  /** Every journey must begin in time. */
  readonly isStrict: boolean;
  readonly startSeconds: number;
  readonly seconds: number;
  /** What its requests of a kind are measured as. */
  readonly seriesOf: (kind: Kind) => string;
}

/** The thresholds of all requests that are measured as one. */
export interface Gate {
  readonly series: string;
  readonly isJudged: boolean;
  /** Of all, from 0 to 1. */
  readonly failedShare: number;
  readonly p95Ms: number;
  readonly leastCount: number;
  /** How many requests may and must be let in, all together. */
  readonly admitted?: { readonly least: number; readonly most: number };
}

export interface RunPlan {
  readonly name: ScenarioName;
  readonly seconds: number;
  readonly streams: readonly Stream[];
  readonly gates: readonly Gate[];
}

/** Of what is planned so much must be asked: the last ones may be under way when time is up. */
const LEAST_ASKED = 0.9;
/** Of its limit a partner that asks for more must get so much ... */
const LEAST_ADMITTED = 0.9;
/** ... and so much at most. */
const MOST_ADMITTED = 1.1;

interface Phase extends PhaseOfScenario {
  readonly startSeconds: number;
}

/** A scenario with its settings: what is asked when, and what must hold. */
export function planRun(scenarios: Scenarios, { name, settings }: { name: ScenarioName; settings: Settings }): RunPlan {
  const phases = timed(scenarios.scenarios[name].phases, settings.seconds);
  const partnerLimit = settings.partnerLimit ?? scenarios.partnerLimitPerSecond;
  const terms = { ...settings, partnerLimit };
  const streams: Stream[] = [];
  const gates: Gate[] = [];
  for (const phase of phases) {
    const ofPhase = phase.streams.map((stream, index) =>
      toStream(phase, { stream, number: streams.length + index + 1, terms }),
    );
    streams.push(...ofPhase);
    gates.push(...gatesOf(phase, { streams: ofPhase, p95Ms: scenarios.p95Ms, partnerLimit }));
  }
  const seconds = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  return { name, seconds, streams, gates };
}

/** Phases one after another, together as long as asked for; each keeps its part, in whole seconds. */
function timed(phases: readonly PhaseOfScenario[], seconds: number | undefined): Phase[] {
  const planned = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  let startSeconds = 0;
  return phases.map((phase) => {
    const own = Math.max(1, Math.round((phase.seconds * (seconds ?? planned)) / planned));
    const timedPhase = { ...phase, seconds: own, startSeconds };
    startSeconds += own;
    return timedPhase;
  });
}

interface StreamInput {
  readonly stream: StreamOfScenario;
  readonly number: number;
  readonly terms: { readonly rate: number; readonly partnerLimit: number };
}

function toStream(phase: Phase, { stream, number, terms }: StreamInput): Stream {
  const { name, startSeconds, seconds, failedShare = 0, isJudged = true } = phase;
  const { journey, caller, isOverLimit = false } = stream;
  // Whoever keeps to a limit does so at any rate of the others.
  const perSecond = 'ofLimit' in stream ? stream.ofLimit * terms.partnerLimit : stream.perSecond * terms.rate;
  const prefix = `${name ? `${name}: ` : ''}${caller === 'site' ? '' : `${caller} `}`;
  return {
    name: [name, caller, journey].filter((word) => word !== undefined).join('-'),
    number,
    journey,
    caller,
    isOverLimit,
    perSecond: Math.max(1, Math.round(perSecond)),
    isStrict: isJudged && failedShare === 0,
    startSeconds,
    seconds,
    seriesOf: (kind) => prefix + kind,
  };
}

interface GateInput {
  readonly streams: readonly Stream[];
  readonly p95Ms: number;
  readonly partnerLimit: number;
}

function gatesOf(phase: Phase, { streams, p95Ms, partnerLimit }: GateInput): Gate[] {
  const gates = new Map<string, Gate>();
  for (const stream of streams) {
    for (const { kind } of JOURNEYS[stream.journey]) {
      const series = stream.seriesOf(kind);
      const planned = stream.perSecond * stream.seconds;
      gates.set(series, {
        series,
        isJudged: phase.isJudged ?? true,
        failedShare: phase.failedShare ?? 0,
        p95Ms: phase.p95Ms ?? p95Ms,
        leastCount: (gates.get(series)?.leastCount ?? 0) + Math.floor(planned * LEAST_ASKED),
        ...(stream.isOverLimit && { admitted: admittedOf(stream, partnerLimit) }),
      });
    }
  }
  return [...gates.values()];
}

/**
 * A limit holds in each second of the clock, and a run of n seconds touches one second more than n: this is what bounds a
 * short run, a tenth over the limit bounds a long one.
 */
function admittedOf({ perSecond, seconds }: Stream, limit: number): NonNullable<Gate['admitted']> {
  return {
    least: Math.floor(Math.min(limit, perSecond) * seconds * LEAST_ADMITTED),
    most: Math.max(Math.floor(limit * seconds * MOST_ADMITTED), limit * (seconds + 1)),
  };
}
