import { median } from '../bench/median.ts';
import { seeded } from '../bench/seeded.ts';
import { openBuyer } from './buyer.ts';
import type { DrillContext, Line, Outcome } from './drill.ts';
import { type Killed, killAtRandom } from './kill-at-random.ts';
import { sellOpenly } from './sell-openly.ts';
import { startStand } from './stand.ts';
import { reachVerdict } from './verdict.ts';

export interface KillOptions {
  readonly kills: number;
  readonly policies: number;
  readonly seed: number;
  readonly kafka: boolean;
}

/** Kills come this often, or more slowly to last as long as the sales; ms. */
const KILL_EVERY_MS = 2_500;
const MOST_PER_SECOND = 40;

/** `kill -9` at random of everything there is, while policies are sold and cancelled. */
export async function kill(ctx: DrillContext, options: KillOptions): Promise<Outcome> {
  const { kills, policies, seed, kafka } = options;
  await using stand = await startStand({ kafka });
  const buyer = await openBuyer(stand, { seed, signal: ctx.signal });
  const lastMs = Math.max((policies * 1_000) / MOST_PER_SECOND, kills * KILL_EVERY_MS);
  const perSecond = (policies * 1_000) / lastMs;
  ctx.say(
    `seed ${seed}: ${policies} policies, ${perSecond.toFixed(0)} a second; ${kills} kills in ${seconds(lastMs)} s`,
  );
  const waits: number[] = [];
  const [killed] = await Promise.all([
    killAtRandom(ctx, stand, { kills, everyMs: lastMs / kills, random: seeded(seed + 1) }),
    sellOpenly(buyer, { policies, perSecond, signal: ctx.signal, done: (ms) => waits.push(ms) }),
  ]);
  ctx.say('all sold; waiting for the ledger');
  await stand.raise();
  const { lines, faults } = await reachVerdict(stand, await buyer.books());
  return { faults, lines: [...killLines(killed), ...waitLines(waits, buyer.failures()), ...lines] };
}

function killLines({ counts, backAfterMs }: Killed): Line[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const each = [...counts].toSorted().map(([name, count]) => `${name} ${count}`);
  const back = [...backAfterMs].map(([kind, ms]) => `${kind} ${seconds(median(ms))} (${seconds(Math.max(...ms))})`);
  return [
    ['kills', `${total}: ${each.join(', ')}`],
    ['ready again after a kill, s: median (most)', back.join(', ')],
  ];
}

const waitLines = (waits: readonly number[], failures: number): Line[] => [
  ["a buyer's wait with all retries, s: median (most)", `${seconds(median(waits))} (${seconds(Math.max(...waits))})`],
  ['attempts without an answer, or 5xx', failures],
];

const seconds = (ms: number) => (ms / 1_000).toFixed(2);
