import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { tokenOf } from './operator-token.ts';
import { parseCommand } from './parse-command.ts';

const usual = { regions: 'k8s/gslb/regions.yaml', 'state-dir': '/var/lib/gdnsd' };

test('each command is read, with what is usual', () => {
  expect(parseCommand(['drain', 'msk'])).toEqual({
    form: 'drain',
    region: 'msk',
    reason: 'by hand',
    'no-wait': false,
    ...usual,
  });
  expect(parseCommand(['undrain', 'nsk', '--reason', 'done', '--state-dir=/srv/gdnsd'])).toEqual({
    form: 'undrain',
    region: 'nsk',
    reason: 'done',
    ...usual,
    'state-dir': '/srv/gdnsd',
  });
  expect(parseCommand(['generate', '--name-server', 'ns1', '--out', '/etc/gdnsd'])).toEqual({
    form: 'generate',
    'name-server': 'ns1',
    out: '/etc/gdnsd',
    ...usual,
  });
  expect(parseCommand(['status', '--regions', 'mine.yaml'])).toEqual({
    form: 'status',
    ...usual,
    regions: 'mine.yaml',
  });
});

test.each([
  [[], '"" is not a command: allowed are'],
  [['drain'], 'REGION is missing'],
  [['drain', 'MSK'], 'REGION is "MSK" but must be the name of a region'],
  [['drain', 'msk', 'nsk'], '"nsk" is one argument too many'],
  [['undrain', 'msk', '--no-wait'], '--no-wait is not for undrain'],
  [['generate'], '--name-server is missing; --out is missing'],
  [['drain', 'msk', '--state-dir', 'here'], '--state-dir is "here" but must be an absolute path'],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => parseCommand(args)).toThrow(ConfigError);
  expect(() => parseCommand(args)).toThrow(sentence);
});

test("a region's own operator token goes before that of all, and is never shown", () => {
  const [all, own] = ['a'.repeat(40), 'b'.repeat(40)];
  expect(tokenOf('msk', { OPERATOR_TOKEN: all })).toBe(all);
  expect(tokenOf('msk', { OPERATOR_TOKEN: all, OPERATOR_TOKEN_MSK: own })).toBe(own);
  expect(() => tokenOf('msk', { OPERATOR_TOKEN_NSK: own })).toThrow('OPERATOR_TOKEN is missing');
  expect(() => tokenOf('msk', { OPERATOR_TOKEN: 'short' })).not.toThrow('short"');
});
