import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import file from '../traffic/scenarios.json' with { type: 'json' };
import { SCENARIO_NAMES, type Scenarios } from '../traffic/scenarios.ts';
import { listing, parseOptions } from './options.ts';

const SCENARIOS = file as Scenarios;

test('a scenario may be played with a tool that is named', () => {
  expect(parseOptions([], SCENARIOS)).toBeUndefined();
  expect(parseOptions(['peak'], SCENARIOS)).toEqual({ name: 'peak' });
  expect(parseOptions(['noisy-partner', '--with', 'autocannon'], SCENARIOS)).toEqual({
    name: 'noisy-partner',
    tool: 'autocannon',
  });
});

test.each([
  [['pek'], /^There is no scenario "pek":\n.*\n {2}smoke /],
  [['peak', '--fast'], '"--fast" is not allowed behind peak: only --with k6 or --with autocannon is'],
  [['peak', '--with', 'wrk'], '"--with wrk" is not allowed behind peak'],
  [['peak', '--with', 'k6', 'sale'], '"--with k6 sale" is not allowed behind peak'],
])('%j is refused by a sentence', (args, sentence) => {
  expect(() => parseOptions(args, SCENARIOS)).toThrow(ConfigError);
  expect(() => parseOptions(args, SCENARIOS)).toThrow(sentence);
});

test('the listing has a line for each scenario', () => {
  for (const name of SCENARIO_NAMES) expect(listing(SCENARIOS)).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});
