import { expect, it } from 'vitest';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import type { DrillContext } from '../drill.ts';
import { isolation, missingForIsolation } from './isolation.ts';

const runs = requireOrSkip('the drill of isolation', await missingForIsolation());
const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };

it.runIf(runs)(
  'D3 S1 each region, in a network of its own, sells with the other off and on, and reaches no port of the other',
  async () => {
    const { lines, faults } = await isolation(ctx);
    expect(faults).toEqual([]);
    expect(lines.filter(([, value]) => value === 'passes')).toHaveLength(4);
    // Edge, its metrics, core, settlement, aggregator, Postgres, insurers, the store: all of a region was tried.
    const tried = lines.flatMap(([what, value]) => (what.includes('ports that listen') ? [String(value)] : []));
    expect(tried).toHaveLength(2);
    for (const told of tried) expect(told).toMatch(/^(\d+); \1; 0 \(ENETUNREACH\)$/);
    for (const told of tried) expect(Number.parseInt(told, 10)).toBeGreaterThanOrEqual(8);
  },
  // Three starts and four sales: half a minute on a machine that does nothing else.
  300_000,
);
