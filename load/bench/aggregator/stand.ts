import type { DemoRegion } from '../../../local/read-demo.ts';
import { requireRunning } from '../require-running.ts';

const START = 'npm start -- --insurers 10';
const WANTED = 10;

/** What became of a forced poll, and how long its answer took. */
export interface Poll {
  readonly status: string;
  readonly changed?: number;
  readonly reason?: string;
  readonly ms: number;
}

/** A running `npm start` with ten insurers, and the ways in which a measurement moves it. */
export interface Stand {
  readonly region: DemoRegion;
  readonly insurers: readonly string[];
  /** Polls an insurer now. */
  poll(id: string, region?: DemoRegion): Promise<Poll>;
  /** Calls the control API of the simulators: `PUT volga/fault`. */
  control(call: `${'PUT' | 'POST' | 'DELETE'} ${string}`, body?: unknown): Promise<unknown>;
  /** Asks the edge as partner `site`. */
  ask(path: string): Promise<Response>;
  /** Every insurer as it began, and known as such in all regions. */
  restore(): Promise<void>;
}

/** Finds what runs. Throws a sentence saying what to start. */
export async function findStand(): Promise<Stand> {
  const { region, regions, keys, insurers: simulators } = await requireRunning(START);
  const operator = { authorization: `Bearer ${keys.operator}` };
  const control = async (call: string, body?: unknown) => {
    const [method = '', path = ''] = call.split(' ');
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return json(await fetch(`${simulators}/control/${path}`, init));
  };
  const poll = async (id: string, of = region): Promise<Poll> => {
    const startedAt = performance.now();
    const answer = await fetch(`${of.aggregator}/v1/insurers/${id}/poll`, { method: 'POST', headers: operator });
    const outcome = (await json(answer)) as Omit<Poll, 'ms'>;
    return { ...outcome, ms: performance.now() - startedAt };
  };
  const known = await json(await fetch(`${region.aggregator}/v1/insurers`, { headers: operator }));
  const insurers = (known as { insurers: { id: string }[] }).insurers.map(({ id }) => id);
  if (insurers.length < WANTED)
    throw new Error(`Only ${insurers.length} insurers run: stop npm start and run ${START}`);
  return {
    region,
    insurers,
    poll,
    control,
    ask: (path) => fetch(`${region.edge}${path}`, { headers: { authorization: `Bearer ${keys.site}` } }),
    async restore() {
      for (const id of insurers) await control(`POST ${id}/reset`);
      for (const of of regions) await Promise.all(insurers.map((id) => poll(id, of)));
    },
  };
}

async function json(answer: Response): Promise<unknown> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
