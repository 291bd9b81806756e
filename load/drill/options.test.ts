import { expect, test } from 'vitest';
import { CASE_NAMES } from './noisy-partner/cases.ts';
import { parseOptions } from './options.ts';

test('a drill by name alone has the full numbers', () => {
  const sales = { kills: 100, policies: 10_000, intents: 1_000, seed: 1 };
  const usual = {
    ...sales,
    events: 1_000_000,
    malformed: 10_000,
    rate: 5_000,
    drops: 20,
    seconds: 60,
    cases: CASE_NAMES,
  };
  expect(parseOptions(['kill'])).toEqual({ drill: 'kill', ...usual });
  expect(parseOptions(['kill', '--kills', '3', '--seed', '7', '--no-kafka'])).toEqual({
    drill: 'kill',
    ...usual,
    kills: 3,
    seed: 7,
    kafka: false,
  });
});

test('one case of the noisy partner by name, else all', () => {
  expect(parseOptions(['noisy-partner', '--case', 'region-dead', '--seconds', '20'])).toMatchObject({
    cases: ['region-dead'],
    seconds: 20,
  });
  expect(parseOptions(['noisy-partner', '--case', 'all']).cases).toHaveLength(8);
});

test.each([
  [[], 'must be one of kill, windows, kafka-lost, regions, poison, missing-event, noisy-partner'],
  [['kil'], 'The drill is "kil" but must be one of'],
  [['kill', 'windows'], 'The drill is "kill windows"'],
  [['kill', '--kills', '0'], '--kills is "0" but must be an integer from 1 to 1000'],
  [['kill', '--policies', '1e3'], '--policies is "1e3" but must be an integer'],
  [['poison', '--events', '5000'], '--malformed is 10000 but must be at most a tenth of --events 5000'],
  [['noisy-partner', '--case', 'well'], '--case is "well" but must be one of all, fine, upstash-dead'],
  [
    ['regions', '--intent', '5'],
    'allowed are --kills, --policies, --intents, --events, --malformed, --rate, --drops, --seconds, --seed, --case, --kafka, --no-kafka',
  ],
])('a wrong argument is named, with what is allowed: %j', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
