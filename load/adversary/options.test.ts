import { expect, test } from 'vitest';
import { REAL } from './mutants/mutants.ts';
import { parseOptions } from './options.ts';

test('the options of the adversary have their usual values, and are read', () => {
  expect(parseOptions([])).toEqual({ events: 30_000, seeds: 1, seed: 1, mutants: false, target: REAL });
  const args =
    '--events 300000 --seeds 10 --seed 7 --relay unfenced --consumer memory-dedup --retention clock --mutants';
  expect(parseOptions(args.split(' '))).toEqual({
    events: 300_000,
    seeds: 10,
    seed: 7,
    mutants: true,
    target: { relay: 'unfenced', consumer: 'memory-dedup', retention: 'clock' },
  });
});

test.each([
  [['--events', '99'], '--events is "99" but must be an integer from 100 to 10000000.'],
  [['--seeds', 'x'], '--seeds is "x" but must be an integer from 1 to 1000.'],
  [['--seed', '1000000'], '--seed is "1000000" but must be an integer from 0 to 999999.'],
  [
    ['--relay', 'best'],
    '--relay is "best" but must be one of real, id-after-last, skip-locked, xid-cursor, mark-first, unfenced.',
  ],
  [['--consumer', 'fake'], '--consumer is "fake" but must be one of real, memory-dedup.'],
  [['--retention', 'never'], '--retention is "never" but must be one of real, clock.'],
  [['--kills', '5'], 'allowed are --events, --seeds, --seed, --relay, --consumer, --retention, --mutants.'],
])('the adversary refuses %j by a sentence', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
