import { afterCommit } from './after-commit.ts';
import { afterLedger } from './after-ledger.ts';
import { afterPublish } from './after-publish.ts';
import { coreBeforeCommit, postgresBeforeCommit } from './before-commit.ts';
import { openBuyer } from './buyer.ts';
import type { DrillContext, Line, Outcome } from './drill.ts';
import { installGates } from './gates.ts';
import { inRebalance } from './in-rebalance.ts';
import { startStand } from './stand.ts';
import { reachVerdict } from './verdict.ts';
import type { Window, WindowContext } from './window.ts';

/** Every moment at which a process can die with its work half done, by name. */
export const WINDOWS = {
  'before commit, core killed': coreBeforeCommit,
  'before commit, Postgres killed': postgresBeforeCommit,
  'after commit, before answer and relay': afterCommit,
  'after publish, before the cursor': afterPublish,
  'after the ledger, before the offset': afterLedger,
  'in a rebalance': inRebalance,
} as const satisfies Record<string, Window>;

/** Hits each window on purpose on a real region, and has everything checked after each. Needs Kafka. */
export async function windows(ctx: DrillContext, { seed }: { seed: number }): Promise<Outcome> {
  await using stand = await startStand({ kafka: true });
  const { kafka } = stand;
  if (!kafka) throw new Error('The windows need Kafka');
  await stand.asAdmin(installGates);
  const buyer = await openBuyer(stand, { seed, signal: ctx.signal });
  const hit: Line[] = [];
  for (const [name, window] of Object.entries(WINDOWS)) {
    ctx.signal.throwIfAborted();
    const outcome = await hitWindow(window, { ...ctx, stand: { ...stand, kafka }, buyer });
    ctx.say(`${name}: ${outcome.shown}`);
    hit.push([name, outcome.shown]);
    if (outcome.faults.length > 0) return { lines: hit, faults: outcome.faults.map((fault) => `${name}: ${fault}`) };
    if (hit.length === Object.keys(WINDOWS).length) return { lines: [...hit, ...outcome.lines], faults: [] };
  }
  throw new Error('There is no window');
}

async function hitWindow(window: Window, ctx: WindowContext) {
  const shown = await window(ctx);
  await ctx.stand.raise();
  return { shown, ...(await reachVerdict(ctx.stand, await ctx.buyer.books())) };
}
