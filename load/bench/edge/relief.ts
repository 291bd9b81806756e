import { setTimeout as timer } from 'node:timers/promises';
import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { asFigure, ratio } from './figures.ts';
import { anyTarget } from './quotes.ts';
import type { Stand } from './stand.ts';
import type { Core } from './start-core.ts';

/** Of each measurement; those of a wave are asked at once. */
const QUOTES = 2_000;
const WAVE = 20;
const IDLE_MS = 2_000;

/**
 * What 1,000 quotes cost core when one in twenty is asked for the first time, and when all are. What core costs while nobody
 * asks is taken off: it is as much however many do.
 */
export async function relief(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await using edge = await stand.edge('node');
  const ask = askOf(edge.url, stand.key);
  const measured = (wave: () => string[], hits: number) => () => measure(stand.core, { ask, wave, hits });
  const states = {
    cached: async () => {
      const first = anyTarget();
      await ask(first);
      return measured(mostlyKnown([first]), WAVE - 1)();
    },
    every: measured(() => Array.from({ length: WAVE }, anyTarget), 0),
    everyAgain: measured(() => Array.from({ length: WAVE }, anyTarget), 0),
  };
  ctx.say('core behind the edge: warming up');
  for (const state of Object.values(states)) await state();
  const { cached, every, everyAgain } = await interleave(ctx, { what: 'core behind the edge', rounds: ROUNDS, states });
  return [
    asFigure(
      'core, a second in which nobody asks',
      'ms of a core',
      cached.map(({ idleMs }) => idleMs),
    ),
    asFigure('core, 1,000 quotes of which 95 % are hits', 'ms of a core', spent(cached)),
    asFigure('core, 1,000 quotes of which none is', 'ms of a core', spent(every)),
    ratio('core with the cache / without', spent(cached), spent(every)),
    ratio('A/A: core without the cache / the same again', spent(every), spent(everyAgain)),
  ];
}

/** Waves of one new quote, and of others that a wave before has brought: `known` are there at first. */
function mostlyKnown(known: string[]): () => string[] {
  let turn = 0;
  return () => {
    const old = Array.from({ length: WAVE - 1 }, () => known[turn++ % known.length] ?? '');
    const fresh = anyTarget();
    known.push(fresh);
    return [fresh, ...old];
  };
}

type Ask = (target: string) => Promise<boolean>;

/** Resolves to whether the edge had the answer. */
const askOf =
  (url: string, key: string): Ask =>
  async (target) => {
    const answer = await fetch(`${url}${target}`, { headers: { authorization: `Bearer ${key}` } });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`The edge answered ${target} with ${answer.status}`);
    return answer.headers.get('cache-status')?.startsWith('insuretech-edge; hit') ?? false;
  };

/** What core cost, ms of a core. */
interface Cost {
  readonly idleMs: number;
  readonly spentMs: number;
}

const spent = (found: readonly Cost[]): number[] => found.map(({ spentMs }) => spentMs);

async function measure(
  core: Core,
  { ask, wave, hits }: { ask: Ask; wave: () => string[]; hits: number },
): Promise<Cost> {
  const idle = await costOf(core, () => timer(IDLE_MS));
  const busy = await costOf(core, async () => {
    for (let asked = 0; asked < QUOTES; asked += WAVE) {
      const hit = (await Promise.all(wave().map(ask))).filter(Boolean).length;
      if (hit !== hits) throw new Error(`Of ${WAVE} quotes ${hit} were in the cache, but ${hits} should have been`);
    }
  });
  const idleMs = (1_000 * idle.cpuSeconds) / idle.wallSeconds;
  return { idleMs, spentMs: (1_000 * busy.cpuSeconds - idleMs * busy.wallSeconds) * (1_000 / QUOTES) };
}

async function costOf(core: Core, work: () => Promise<void>): Promise<{ cpuSeconds: number; wallSeconds: number }> {
  const [before, startedAt] = [await core.cpuSeconds(), performance.now()];
  await work();
  return { cpuSeconds: (await core.cpuSeconds()) - before, wallSeconds: (performance.now() - startedAt) / 1_000 };
}
