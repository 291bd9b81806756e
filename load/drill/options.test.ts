import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('a drill by name alone has the full numbers', () => {
  const usual = { kills: 100, policies: 10_000, intents: 1_000, seed: 1 };
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
  [[], 'must be one of kill, windows, kafka-lost, regions'],
  [['kil'], 'The drill is "kil" but must be one of'],
  [['kill', 'windows'], 'The drill is "kill windows"'],
  [['kill', '--kills', '0'], '--kills is "0" but must be an integer from 1 to 1000'],
  [['kill', '--policies', '1e3'], '--policies is "1e3" but must be an integer'],
  [['regions', '--intent', '5'], 'allowed are --kills, --policies, --intents, --seed, --kafka, --no-kafka'],
])('a wrong argument is named, with what is allowed: %j', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
