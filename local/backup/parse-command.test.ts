import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseCommand } from './parse-command.ts';

test('takes what the runbook asks for; the log is archived every half a minute unless told otherwise', () => {
  expect(parseCommand(['prepare', '--folder', '/backup'])).toEqual({ form: 'prepare', folder: '/backup', every: 30 });
  expect(parseCommand(['prepare', '--folder=/backup', '--every=5'])).toMatchObject({ every: 5 });
  expect(parseCommand(['take', '--folder', '/backup'])).toEqual({ form: 'take', folder: '/backup' });
  const restore = { form: 'restore', folder: '/backup', data: '/data' };
  expect(parseCommand(['restore', '--folder', '/backup', '--data', '/data'])).toEqual(restore);
  expect(parseCommand(['lost'])).toEqual({ form: 'lost' });
});

test.each([
  [[], '"" is not a command: allowed are'],
  [['keep'], '"keep" is not a command'],
  [['take'], '--folder is missing: allowed is'],
  [['restore', '--folder', '/backup'], '--data is missing'],
  [['prepare', '--folder', '/backup', '--every', '0'], '--every is "0" but must be seconds, an integer from 1 to 3600'],
  [['prepare', '--folder', '/backup', '--every', '3601'], '--every is "3601" but must be seconds'],
  [['lost', '--folder', '/backup'], '--folder is not for lost'],
])('refuses %j with a sentence', (args, sentence) => {
  expect(() => parseCommand(args)).toThrow(ConfigError);
  expect(() => parseCommand(args)).toThrow(sentence);
});
