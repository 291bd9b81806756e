import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate } from 'k6/metrics';
import { JOURNEYS } from '../traffic/journeys/journeys.ts';
import { judgeAnswer } from '../traffic/journeys/judge-answer.ts';
import type { Step, Trip } from '../traffic/journeys/step.ts';
import { planRun, type Stream } from '../traffic/plan-run.ts';
import { PREFLIGHT_PATH, preflightFault } from '../traffic/preflight-fault.ts';
import { readSettings } from '../traffic/read-settings.ts';
import { readTarget } from '../traffic/read-target.ts';
import { riskAt } from '../traffic/risk-at.ts';
import { type RiskTables, riskTables } from '../traffic/risk-tables.ts';
import type { ScenarioName, Scenarios } from '../traffic/scenarios.ts';
import { startTrip } from '../traffic/start-trip.ts';
import { type Summary, summaryOf } from './summary-of.ts';
import { thresholdsOf } from './thresholds-of.ts';

const readJson = (path: string) => JSON.parse(open(path));
const scenarios: Scenarios = readJson('../traffic/scenarios.json');
// Read once for all users; a place is parsed when it is drawn.
const shared = <Value>(name: string, values: (tables: RiskTables) => ArrayLike<Value>) =>
  new SharedArray(name, () => Array.from(values(riskTables(readJson('../../core/contracts/osago-tables.json')))));
const rest = shared('tables', ({ places: _, tractorPlaces: __, ...others }) => [others])[0] as Omit<
  RiskTables,
  'places' | 'tractorPlaces'
>;
const tables: RiskTables = {
  ...rest,
  places: shared('places', ({ places }) => places),
  tractorPlaces: shared('places for tractors', ({ tractorPlaces }) => tractorPlaces),
};

/** One sample a request: 1 if it was answered wrongly or not at all. */
const wrong = new Rate('wrong');
/** Requests that were answered rightly, and not by 429. */
const admitted = new Counter('admitted');

/** Users there are from the beginning, for answers that take a second: who comes when all are busy is dropped. */
const usersOf = ({ perSecond, journey }: Stream) => Math.max(10, perSecond * JOURNEYS[journey].length);

/** Options and functions of a scenario, as k6 wants them exported. */
export function prepare(name: ScenarioName) {
  const settings = readSettings(__ENV);
  const plan = planRun(scenarios, { name, settings });
  const callers = [...new Set(plan.streams.map(({ caller }) => caller))];
  const { places, keys } = readTarget(__ENV, { callers, readDemo: () => readJson('../../.local/demo.json') });
  let hasTold = false;

  /** One request; what is wrong with its answer. */
  const ask = (step: Step, { trip, url, series }: { trip: Trip; url: string; series: string }): string | undefined => {
    const sent = step.request(trip);
    if (!sent) return 'nothing to ask for';
    const tags = { name: series };
    try {
      const { method, path, headers, body } = sent;
      const got = http.request(method, url + path, body ?? null, { headers, tags, timeout: '15s' });
      const header = (wanted: string) => headerOf(got.headers, wanted);
      const answer = { status: got.status, text: String(got.body ?? ''), header };
      const fault = judgeAnswer(step, { answer, trip });
      wrong.add(fault !== undefined, tags);
      if (fault === undefined && answer.status !== 429) admitted.add(1, tags);
      return fault;
    } catch (error) {
      wrong.add(true, tags);
      return String(error);
    }
  };

  return {
    options: {
      scenarios: Object.fromEntries(
        plan.streams.map((stream) => [
          stream.name,
          {
            executor: 'constant-arrival-rate',
            rate: stream.perSecond,
            startTime: `${stream.startSeconds}s`,
            duration: `${stream.seconds}s`,
            preAllocatedVUs: usersOf(stream),
          },
        ]),
      ),
      thresholds: thresholdsOf(plan),
      summaryTrendStats: ['med', 'p(95)', 'p(99)'],
      // An answer that does not come is caught and counted here, not logged each time.
      throw: true,
      userAgent: 'insuretech-load',
    },

    /** Before the run: each place knows each key. */
    setup() {
      for (const place of places) {
        for (const caller of callers) {
          const headers = { Authorization: `Bearer ${keys[caller]}` };
          const fault = preflightFault(place, { caller, status: statusOf(place.url + PREFLIGHT_PATH, headers) });
          if (fault !== undefined) throw new Error(fault);
        }
      }
    },

    /** One journey of the stream whose turn it is. */
    play() {
      const n = exec.scenario.iterationInTest;
      const stream = plan.streams.find((one) => one.name === exec.scenario.name) as Stream;
      const place = places[n % places.length] as (typeof places)[number];
      const risk = riskAt(tables, { seed: settings.seed, stream: stream.number, n });
      const trip = startTrip(stream, { risk, key: keys[stream.caller], region: place.region, id: crypto.randomUUID() });
      for (const step of JOURNEYS[stream.journey]) {
        const series = stream.seriesOf(step.kind);
        const fault = ask(step, { trip, url: place.url, series });
        if (fault === undefined) continue;
        // Users know nothing of one another: each tells its first.
        if (!hasTold) console.error(`${series} at ${place.url}: ${fault}`);
        hasTold = true;
        return;
      }
    },

    handleSummary: (summary: Summary) => ({ stdout: summaryOf(plan, summary) }),
  };
}

function statusOf(url: string, headers: Record<string, string>): number | undefined {
  try {
    return http.get(url, { headers, tags: { name: 'before' }, timeout: '5s' }).status;
  } catch {
    return undefined;
  }
}

function headerOf(headers: Record<string, string>, wanted: string): string | undefined {
  const name = Object.keys(headers).find((one) => one.toLowerCase() === wanted);
  return name === undefined ? undefined : headers[name];
}
