import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attack } from './attack.ts';
import { catchMutant } from './catch-mutant.ts';
import { CHARGES } from './judge.ts';
import { MUTANTS, REAL } from './mutants/mutants.ts';
import { type Stand, startStand } from './stand.ts';
import { LONG, SHORT } from './storms.ts';

const SEED = 20_261_125;
const { signal } = new AbortController();
let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand[Symbol.asyncDispose]());

const NAMES: Record<(typeof MUTANTS)[number]['name'], string> = {
  'id > last': 'S3.2 reading an outbox by id > last loses rows that commit late',
  'SKIP LOCKED': 'S3.2 relays that share partitions by SKIP LOCKED misorder a policy',
  'cursor by xid': 'S3.2 a cursor by xid misorders a policy',
  'mark before send': 'D2 a relay that marks before it sends loses what a cut or a kill stops',
  'lock without fence': 'D2 owners by a lock alone, whose cursor has no fence, leave a hole behind',
  'duplicates known from memory': 'S3.2 D2 a consumer that knows duplicates from memory books twice after kill -9',
  'retention by the clock': 'S3.2 retention by the clock loses rows that were old when they were committed',
};

describe('adversarial outbox', () => {
  test('S3.2 D2 16 writers, 3 relays and 2 consumers under kill -9: 0 lost, doubled, invented, misordered; dense; 0 kopecks', async () => {
    const outcome = await attack(stand, {
      ...SHORT,
      patienceMs: LONG.patienceMs,
      target: REAL,
      seed: SEED,
      events: 2_500,
      signal,
    });
    const found = CHARGES.map((charge) => [charge, outcome.verdict[charge].slice(0, 3)]);
    expect(found, outcome.stalled.join('\n')).toEqual(CHARGES.map((charge) => [charge, []]));
    expect(outcome.kills).toBeGreaterThan(0);
    expect(outcome.records).toBeGreaterThan(outcome.events);
  });

  test.each(MUTANTS.map((mutant) => [NAMES[mutant.name], mutant] as const))('%s: caught', async (_, mutant) => {
    const { outcome, caught } = await catchMutant(stand, mutant, { seed: SEED, signal });
    expect(caught, JSON.stringify(outcome.verdict).slice(0, 500)).toBe(true);
  });
});
