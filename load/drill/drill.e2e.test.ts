import { describe, expect, it } from 'vitest';
import { missingForKafka } from '../../local/kafka.ts';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import type { DrillContext, Outcome } from './drill.ts';
import { kafkaLost } from './kafka-lost.ts';
import { kill } from './kill.ts';
import { regions } from './regions.ts';
import { WINDOWS, windows } from './windows.ts';

const runs = requireOrSkip('the drills on a real Kafka', await missingForKafka());

const ctx = (): DrillContext => ({ say: () => undefined, signal: new AbortController().signal });

/** What the table says of something. */
const said = ({ lines }: Outcome, what: string) => lines.find(([name]) => name === what)?.[1];

// The short forms of npm run drill; the full ones are run by hand (load/README.md).
describe('drills on real processes', () => {
  it.runIf(runs)(
    'D2 R2 kill -9 in each of the five windows, hit on purpose: nothing lost, doubled, misordered or a kopeck wrong',
    async () => {
      const outcome = await windows(ctx(), { seed: 1 });
      expect(outcome.faults).toEqual([]);
      for (const name of Object.keys(WINDOWS)) expect(said(outcome, name)).toBeTruthy();
    },
  );

  it.runIf(runs)(
    'D2 R2 S3.2 kill -9 at random of core, relay, settlement, Postgres and Kafka under load: the same',
    async () => {
      const outcome = await kill(ctx(), { kills: 10, policies: 500, seed: 1, kafka: true });
      expect(outcome.faults).toEqual([]);
      expect(said(outcome, 'kills')).toMatch(/^10: /);
    },
  );

  it.runIf(runs)(
    'D2 S3.2 Kafka wiped in mid-run and the outbox replayed: the ledger is unchanged and complete',
    async () => {
      const outcome = await kafkaLost(ctx(), { policies: 300, seed: 1 });
      expect(outcome.faults).toEqual([]);
      expect(said(outcome, 'in the ledger when Kafka was lost')).toBeGreaterThan(0);
      expect(said(outcome, 'events sent again')).toBeGreaterThan(0);
    },
  );

  it('D2 without Kafka, kill -9 at random of a region and its Postgres under load: the same', async () => {
    const outcome = await kill(ctx(), { kills: 4, policies: 150, seed: 1, kafka: false });
    expect(outcome.faults).toEqual([]);
  });

  it('S1 D7 D2 intents tried in random regions while regions are killed: each sold once, at home, none elsewhere', async () => {
    const outcome = await regions(ctx(), { intents: 100, seed: 1 });
    expect(outcome.faults).toEqual([]);
    expect(said(outcome, 'refused with 421 and home')).toBeGreaterThan(0);
    expect(said(outcome, 'kills of a whole region')).toBeGreaterThan(0);
  });
});
