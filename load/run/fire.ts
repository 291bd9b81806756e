import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { JOURNEYS } from '../traffic/journeys/journeys.ts';
import { judgeAnswer } from '../traffic/journeys/judge-answer.ts';
import type { Step, Trip } from '../traffic/journeys/step.ts';
import type { Stream } from '../traffic/plan-run.ts';
import type { Place } from '../traffic/read-target.ts';
import { riskAt } from '../traffic/risk-at.ts';
import type { RiskTables } from '../traffic/risk-tables.ts';
import { startTrip } from '../traffic/start-trip.ts';
import type { Seen } from './gather.ts';

/** Some connections to one place that begin a journey each, every second anew. */
export interface Battery {
  readonly stream: Stream;
  readonly place: Place;
  readonly connections: number;
}

export interface FireContext {
  readonly key: string | undefined;
  readonly seed: number;
  readonly tables: RiskTables;
  /** Counts the journeys of a stream. */
  readonly nextOf: (stream: Stream) => number;
  readonly note: (series: string, seen: Seen) => void;
  /** Told each fault of an answer. */
  readonly tell: (series: string, fault: string) => void;
  readonly signal: AbortSignal;
}

interface Carried {
  trip?: Trip;
}

const TIMEOUT_SECONDS = 15;
/** A connection whose answers are late sends fewer requests, and may take so much longer. */
const LATE_SECONDS = 2;
/** A place that refuses connections would be asked again at once, without end. */
const MOST_UNANSWERED = 20;

/** Fires for as long as the stream lasts; resolves when all is answered. */
export async function fire(ctx: FireContext, { stream, place, connections }: Battery): Promise<void> {
  const steps = JOURNEYS[stream.journey];
  const { pathname } = new URL(place.url);
  const prefix = pathname.replace(/\/$/, '');
  // autocannon tells the time an answer took right behind the answer itself.
  let answered: { series: string; fault: string | undefined; isAdmitted: boolean } | undefined;

  const begin = (): Trip => {
    const risk = riskAt(ctx.tables, { seed: ctx.seed, stream: stream.number, n: ctx.nextOf(stream) });
    return startTrip(stream, { risk, key: ctx.key, region: place.region, id: randomUUID() });
  };
  const toRequest = (step: Step, index: number) => ({
    setupRequest(defaults: object, context: Carried) {
      if (index === 0) context.trip = begin();
      const sent = context.trip && step.request(context.trip);
      return sent && { ...defaults, ...sent, path: prefix + sent.path, headers: { ...sent.headers } };
    },
    onResponse(status: number, text: string, context: Carried, headers: Record<string, string>) {
      const names = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const trip = context.trip as Trip;
      const answer = { status, text, header: (name: string) => names.get(name) };
      const fault = judgeAnswer(step, { answer, trip });
      const series = stream.seriesOf(step.kind);
      // What an answer did not bring cannot be asked for: the journey ends here.
      if (fault !== undefined) delete context.trip;
      answered = { series, fault, isAdmitted: fault === undefined && status !== 429 };
      if (fault !== undefined) ctx.tell(series, fault);
    },
  });

  const run = autocannon<Carried>({
    url: place.url,
    connections,
    connectionRate: steps.length,
    maxConnectionRequests: steps.length * stream.seconds,
    duration: stream.seconds + LATE_SECONDS,
    sampleInt: 100,
    timeout: TIMEOUT_SECONDS,
    bailout: MOST_UNANSWERED,
    requests: steps.map(toRequest),
  });
  run.on('response', (_client: unknown, _status: number, _bytes: number, ms: number) => {
    if (answered) ctx.note(answered.series, { ...answered, ms });
    answered = undefined;
  });
  run.on('reqError', (error: Error) => {
    const series = stream.seriesOf((steps[0] as Step).kind);
    ctx.note(series, { fault: error.message, isAdmitted: false, ms: undefined });
    ctx.tell(series, error.message);
  });
  const stop = () => run.stop();
  ctx.signal.addEventListener('abort', stop);
  await run;
  ctx.signal.removeEventListener('abort', stop);
}
