import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import type { DrillContext } from '../drill.ts';
import { alerts } from './alerts.ts';
import { missingPrometheus } from './prometheus.ts';

const runs = requireOrSkip('the drill of the alerts', await missingPrometheus());
const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };

// The short form of npm run drill -- alerts (load/README.md): one that pages, and one that only tells.
describe('alerts on a real Prometheus', () => {
  it.runIf(runs)(
    'D11 R8 (d) a database that is killed and a region that is drained: each fires its alert, and only it, within 2 minutes',
    async () => {
      const outcome = await alerts(ctx, {
        troubles: ['database-killed', 'region-drained'],
        kafka: false,
        seed: 1,
        lingerMs: 5_000,
      });
      expect(outcome.faults).toEqual([]);
      const said = outcome.lines.find(([what]) => what.startsWith('faults; told'))?.[1];
      expect(said).toBe('2; 2');
    },
    300_000,
  );
});
