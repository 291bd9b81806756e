import { describe, expect, it } from 'vitest';
import { missingForKafka } from '../../../local/kafka.ts';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import type { DrillContext } from '../drill.ts';
import { faultsBetween } from './faults-between.ts';
import { PLACES, type PlaceName, TOXICS, type ToxicName } from './names.ts';
import { missingForToxiproxy } from './toxiproxy.ts';

const missing = (await missingForKafka()) ?? (await missingForToxiproxy());
const runs = requireOrSkip('the drill of faults between parts', missing);
const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };

/** Each place once, and each fault: the rest of the twenty is in npm run drill -- faults. */
const CASES: Readonly<Record<PlaceName, readonly ToxicName[]>> = {
  'edge-core': ['reset', 'half-open'],
  'core-postgres': ['half-open'],
  'core-kafka': ['reset'],
  'edge-upstash': ['latency'],
  'aggregator-insurers': ['bandwidth'],
};
const TIMEOUT_MS = 300_000;

// The short form of npm run drill -- faults: the same rules (load/README.md).
describe.runIf(runs)('faults between the parts of a region', () => {
  it(
    'R1 R2 R14 D2 a way that is bad costs what the table of load/drill/faults/rules.ts permits, and no policy',
    async () => {
      const only = (place: PlaceName, toxic: ToxicName) => CASES[place].includes(toxic);
      const { lines, faults } = await faultsBetween(ctx, { places: PLACES, toxics: TOXICS, seconds: 4, seed: 1, only });
      expect(faults).toEqual([]);
      const sold = Number(String(lines.find(([what]) => what === 'wanted; acknowledgements')?.[1]).split('; ')[1]);
      expect(sold).toBeGreaterThan(50);
    },
    TIMEOUT_MS,
  );
});
