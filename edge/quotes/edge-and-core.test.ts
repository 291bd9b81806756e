import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tariff } from '../../core/core.testing.ts';
import { anyRun, INSURERS, type Step } from './any-run.testing.ts';
import { moscowDay } from './moscow-day.ts';
import { createQuotingRegion, type QuotingRegion } from './quoting-region.testing.ts';
import { createWatch } from './watch.testing.ts';
import { CALLERS } from './witness.testing.ts';

const EDGES = 2;
/** At noon, and before a midnight in Moscow, of which there is one a day. */
const anyStart = fc.constantFrom('2026-11-22T10:00:00.000Z', '2026-11-22T20:59:50.000Z', '2026-11-22T20:40:00.000Z');

/** Moves the clock, back if need be, to a moment before the midnight in Moscow that ends this day. */
function goToMidnight({ clock }: QuotingRegion, beforeMs: number): void {
  const today = moscowDay(clock.now());
  const midnight = (today + 1) * 24 * 3_600_000 - 3 * 3_600_000;
  clock.advance(midnight - beforeMs - clock.now());
}

/** All that happens but asking. */
function happen(region: QuotingRegion, step: Exclude<Step, { do: 'ask' }>): void {
  const { core, clock, met, edges, startEdge } = region;
  const change = (run: () => void, meanwhile: boolean) => {
    if (meanwhile) met.meanwhile = run;
    else run();
  };
  if (step.do === 'wait') clock.advance(step.ms);
  else if (step.do === 'go-to-midnight') goToMidnight(region, step.beforeMs);
  else if (step.do === 'publish') {
    const { insurer, baseMinor, meanwhile } = step;
    change(() => core.publish(tariff(insurer, { baseMinor, version: core.change().number + 1 })), meanwhile);
  } else if (step.do === 'withdraw') {
    change(() => core.withdraw({ insurer: step.insurer, product: 'osago' }), step.meanwhile);
  } else if (step.do === 'core') Object.assign(met, { core: step.fault, coreMs: step.coreMs, before: step.before });
  else if (step.do === 'store') met.store = step.fault;
  else edges[step.edge] = startEdge();
  for (const insurer of INSURERS) core.poll(insurer);
}

describe('whatever tariffs, clocks, failures, spellings and callers do', () => {
  it("every answer is core's own for this very risk, live, as fresh as it says and of nobody else, and what is owed is not refused", {
    timeout: 120_000,
  }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyRun({ edges: EDGES, callers: CALLERS.length }), anyStart, async (steps, startAt) => {
        const region = createQuotingRegion({ edges: EDGES, startAt: Date.parse(startAt) });
        region.core.publish(tariff('volga'));
        const watch = createWatch(region, (kind) => seen.add(kind));
        for (const step of steps) {
          if (step.do === 'ask') await watch.ask(step.asks);
          else happen(region, step);
        }
      }),
      { numRuns: 300 },
    );
    // Or nothing was shown.
    const kinds = ['200 miss', '200 hit', '200 stale', '200 store', '304 hit', '304 stale', '400', '503'];
    expect([...seen]).toEqual(expect.arrayContaining(kinds));
  });
});
