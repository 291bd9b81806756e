import { expect, test } from 'vitest';
import { readSettings } from './read-settings.ts';
import { SettingError } from './setting-error.ts';

test('readSettings changes nothing when nothing is said; empty counts as nothing', () => {
  const usual = { rate: 1, seed: 1 };
  expect(readSettings({})).toEqual(usual);
  expect(readSettings({ DURATION: '', RATE: '', SEED: '', PARTNER_LIMIT: '' })).toEqual(usual);
});

test.each([
  [{ DURATION: '30s' }, { seconds: 30 }],
  [{ DURATION: '5m' }, { seconds: 300 }],
  [{ DURATION: '24h' }, { seconds: 86_400 }],
  [{ RATE: '0.5' }, { rate: 0.5 }],
  [{ RATE: '100' }, { rate: 100 }],
  [{ SEED: '0' }, { seed: 0 }],
  [{ PARTNER_LIMIT: '10' }, { partnerLimit: 10 }],
])('readSettings takes %j', (env, settings) => {
  expect(readSettings(env)).toMatchObject(settings);
});

test.each([
  [{ DURATION: '30' }, 'DURATION is "30" but must be a whole number with s, m or h, from 2s to 24h, such as 30s or 5m'],
  [{ DURATION: '1s' }, 'DURATION is "1s" but must be'],
  [{ DURATION: '25h' }, 'DURATION is "25h" but must be'],
  [{ DURATION: '1.5m' }, 'DURATION is "1.5m" but must be'],
  [{ RATE: '0' }, 'RATE is "0" but must be a number from 0.01 to 100: 2 is twice as much'],
  [{ RATE: '101' }, 'RATE is "101" but must be'],
  [{ RATE: '1e1' }, 'RATE is "1e1" but must be'],
  [{ RATE: '-1' }, 'RATE is "-1" but must be'],
  [{ SEED: 'x' }, 'SEED is "x" but must be a whole number from 0 to 999999999'],
  [{ PARTNER_LIMIT: '0' }, 'PARTNER_LIMIT is "0" but must be a whole number from 1 to 10000'],
])('readSettings refuses %j by a sentence', (env, sentence) => {
  expect(() => readSettings(env)).toThrow(SettingError);
  expect(() => readSettings(env)).toThrow(sentence);
});
