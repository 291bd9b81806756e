import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { asFigure, ratio } from './figures.ts';
import type { Answer } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { type Run, runWrk, type Target } from './run-wrk.ts';
import type { Servers } from './start-servers.ts';

const SECONDS = 3;

interface Found {
  readonly figures: Figure[];
  /** Cached quotes that the edge answered on workerd, of each round. */
  readonly perSecond: number[];
}

/** Cached quotes a second: the whole edge on both runtimes, and what answers with the same bytes. */
export async function throughput(ctx: BenchContext, { workerd, node, nginx }: Servers): Promise<Found> {
  const run = (target: Target) => runWrk(target, { seconds: SECONDS, signal: ctx.signal });
  const bare = (target: Target) => () => run(target);
  const edge = (target: Target, like: Answer) => async () => {
    await requireHit(target, like);
    const found = await run(target);
    await requireHit(target, like);
    return found;
  };
  const states = {
    worker: edge(workerd.edge, workerd.answer),
    bareWorker: bare(workerd.bare),
    workerAgain: edge(workerd.edge, workerd.answer),
    node: edge(node.edge, node.answer),
    bareNode: bare(node.bare),
    nodeAgain: edge(node.edge, node.answer),
    nginx: bare(nginx),
  };
  ctx.say('cached quotes: warming up');
  for (const state of Object.values(states)) await state();
  const found = await interleave(ctx, { what: 'cached quotes', rounds: ROUNDS, states });
  return { figures: figuresOf(found), perSecond: found.worker.map(({ perSecond }) => perSecond) };
}

type State = 'worker' | 'bareWorker' | 'workerAgain' | 'node' | 'bareNode' | 'nodeAgain' | 'nginx';

const NAMES: Partial<Record<State, string>> = {
  worker: 'the edge on workerd',
  bareWorker: 'bare workerd',
  node: 'the edge on Node',
  bareNode: 'bare node:http',
  nginx: 'nginx proxy_cache, 1 worker process',
};

function figuresOf(found: Record<State, readonly Run[]>): Figure[] {
  const values = (state: State, of: keyof Run, times = 1) => found[state].map((run) => run[of] * times);
  const each = (Object.entries(NAMES) as [State, string][]).map(([state, name]) => ({ state, name }));
  const rates = (name: string, of: State, to: State) => ratio(name, values(of, 'perSecond'), values(to, 'perSecond'));
  // What others do on this machine meanwhile takes of the rates, but hardly of this.
  const costs = (name: string, of: State, to: State) =>
    ratio(`${name}, by processor time`, values(to, 'cpuUs'), values(of, 'cpuUs'));
  return [
    ...each.map(({ state, name }) => asFigure(`cached quotes, ${name}`, '1/s', values(state, 'perSecond'))),
    rates('the edge on workerd / bare workerd', 'worker', 'bareWorker'),
    rates('A/A: the edge on workerd / the same again', 'worker', 'workerAgain'),
    rates('the edge on Node / bare node:http', 'node', 'bareNode'),
    rates('the edge on Node / nginx', 'node', 'nginx'),
    rates('A/A: the edge on Node / the same again', 'node', 'nodeAgain'),
    ...each.map(({ state, name }) => asFigure(`a cached quote, ${name}`, 'us of a core', values(state, 'cpuUs'))),
    costs('the edge on workerd / bare workerd', 'worker', 'bareWorker'),
    costs('the edge on Node / bare node:http', 'node', 'bareNode'),
    costs('the edge on Node / nginx', 'node', 'nginx'),
    costs('A/A: the edge on workerd / the same again', 'worker', 'workerAgain'),
    costs('A/A: the edge on Node / the same again', 'node', 'nodeAgain'),
    ...each.map(({ state, name }) => asFigure(`a core busy, ${name}`, '%', values(state, 'busy', 100))),
    asFigure('an answer of the edge with its head', 'bytes', values('worker', 'bytes')),
  ];
}
