import { describe, expect, it } from 'vitest';
import { missingForKafka } from '../../../local/kafka.ts';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import type { Outcome } from '../drill.ts';
import { recovery } from './recovery.ts';

const runs = requireOrSkip('the drill of a lost disk on a real Kafka', await missingForKafka());

const said = ({ lines }: Outcome, what: RegExp) => lines.find(([name]) => what.test(name))?.[1];
const ctx = () => ({ say: () => undefined, signal: new AbortController().signal });

// The short form of npm run drill -- recovery; the full one is run by hand (load/README.md).
describe('a region whose disk is lost under load', () => {
  it.runIf(runs)(
    'R2 D4 comes back from its backup within five minutes, loses a minute at most, names what it lost, and collides with nothing',
    { timeout: 300_000 },
    async () => {
      const outcome = await recovery(ctx(), {
        ...{ losses: 1, seed: 6, kafka: true, archiveSeconds: 10, afterSeconds: 2 },
        ...{ outageBelowSeconds: 300, lossBelowSeconds: 60 },
      });
      expect(outcome.faults).toEqual([]);
      expect(said(outcome, /^acknowledgements lost, disk by disk/)).toMatch(/[1-9]/);
      // Without it the epochs of the new life would not meet those of the life that is lost.
      const [before, after] = String(said(outcome, /^highest epoch before/))
        .split(' > ')
        .map(Number);
      expect(before).toBeGreaterThan(after ?? Number.NaN);
    },
  );
});
