import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('a drill by name alone has the full numbers', () => {
  const sales = { kills: 100, policies: 10_000, intents: 1_000, seed: 1 };
  const usual = { ...sales, events: 1_000_000, malformed: 10_000, rate: 5_000, drops: 20 };
  expect(parseOptions(['kill'])).toEqual({ drill: 'kill', ...usual });
  expect(parseOptions(['kill', '--kills', '3', '--seed', '7', '--no-kafka'])).toEqual({
    drill: 'kill',
    ...usual,
    kills: 3,
    seed: 7,
    kafka: false,
  });
});

test.each([
  [[], 'must be one of kill, windows, kafka-lost, regions, poison, missing-event'],
  [['kil'], 'The drill is "kil" but must be one of'],
  [['kill', 'windows'], 'The drill is "kill windows"'],
  [['kill', '--kills', '0'], '--kills is "0" but must be an integer from 1 to 1000'],
  [['kill', '--policies', '1e3'], '--policies is "1e3" but must be an integer'],
  [['poison', '--events', '5000'], '--malformed is 10000 but must be at most a tenth of --events 5000'],
  [
    ['regions', '--intent', '5'],
    'allowed are --kills, --policies, --intents, --events, --malformed, --rate, --drops, --seed, --kafka, --no-kafka',
  ],
])('a wrong argument is named, with what is allowed: %j', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
