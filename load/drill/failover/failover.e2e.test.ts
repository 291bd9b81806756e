import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import type { DrillContext, Outcome } from '../drill.ts';
import { missingPrograms } from '../missing-programs.ts';
import { failover } from './failover.ts';

const runs = requireOrSkip('the drill of a failover', await missingPrograms(['gdnsd', 'unbound', 'setpriv']));
const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };
const said = ({ lines }: Outcome, what: string) => String(lines.find(([name]) => name.startsWith(what))?.[1]);

/** Two trials take a minute and a half of which they wait for the most; more on a machine that does other work, too. */
const TIMEOUT_MS = 300_000;

/** All that was acknowledged is in the ledger, and it was not nothing. */
function expectNothingLost(outcome: Outcome): void {
  expect(outcome.faults).toEqual([]);
  expect(said(outcome, 'acknowledged policies lost')).toBe('0');
  const [sold = 0, booked] = said(outcome, 'policies acknowledged').split('; ').map(Number);
  expect(booked).toBe(sold);
  expect(sold).toBeGreaterThan(100);
}

// The short form of npm run drill -- failover: one trial of each, the same goals (load/README.md).
describe.runIf(runs)('two regions behind gdnsd and a resolver that caches', () => {
  it.concurrent(
    'R1 R2 D5 S1 a region crashes, another hangs: everybody can buy in time, and nothing acknowledged is lost',
    async ({ expect }) => {
      const outcome = await failover(ctx, { faults: ['crash', 'hang'], trials: 1, seed: 1 });
      expectNothingLost(outcome);
      for (const fault of ['crash', 'hang'])
        expect(Number(said(outcome, `${fault}: seconds until everybody`).split(', ')[0])).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it.concurrent(
    'R1 D5 S1 a region whose database is dead leaves DNS; a drained one leaves it without one failed request',
    async ({ expect }) => {
      const outcome = await failover(ctx, { faults: ['database-away', 'drain'], trials: 1, seed: 2 });
      expectNothingLost(outcome);
      expect(Number(said(outcome, 'database-away: seconds until nobody').split(', ')[0])).toBeGreaterThan(0);
      expect(said(outcome, 'drain: who came')).toMatch(/; 0; 0$/);
    },
    TIMEOUT_MS,
  );
});
