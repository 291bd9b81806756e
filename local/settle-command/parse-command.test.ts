import { describe, expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseCommand } from './parse-command.ts';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '), { user: 'anna' });

describe('parseCommand', () => {
  test.each([
    ['register volga 2026-11', { form: 'register', csv: false, bom: false, all: false }],
    ['register volga 2026-11 --all --region nsk', { form: 'register', all: true, region: 'nsk' }],
    ['register volga 2026-11 --csv --bom --out=v.csv', { form: 'register', csv: true, bom: true, out: 'v.csv' }],
    ['--region nsk register volga 2026-11', { form: 'register', insurer: 'volga', period: '2026-11', region: 'nsk' }],
    ['close volga 2026-11', { form: 'close', insurer: 'volga', period: '2026-11', force: false, by: 'anna' }],
    [
      'close volga 2026-11 --force --reason late --by boris',
      { form: 'close', force: true, reason: 'late', by: 'boris' },
    ],
    ['close --all 2026-11', { form: 'close --all', period: '2026-11', by: 'anna' }],
    ['close 2026-11 --all', { form: 'close --all', period: '2026-11' }],
    ['reconcile 2026-11', { form: 'reconcile', period: '2026-11' }],
    ['dead-letters', { form: 'dead-letters', status: 'parked' }],
    ['dead-letters --status all', { form: 'dead-letters', status: 'all' }],
    ['dead-letter 17', { form: 'dead-letter', id: '17' }],
    ['replay 17', { form: 'replay', id: '17', by: 'anna' }],
    ['replay --all --reason fixed', { form: 'replay --all', reason: 'fixed', by: 'anna' }],
    ['dismiss 17 --reason junk', { form: 'dismiss', id: '17', reason: 'junk', by: 'anna' }],
    ['accounts', { form: 'accounts' }],
  ])('takes %s', (line, command) => {
    expect(parse(line)).toMatchObject(command);
  });

  test('leaves out what was not given, and who does it when nobody is known', () => {
    expect(parse('accounts')).toEqual({ form: 'accounts' });
    expect(parseCommand(['replay', '17'])).toEqual({ form: 'replay', id: '17' });
  });

  test.each([
    ['', '"" is not a command: allowed are\n  npm run settle -- register INSURER PERIOD'],
    ['drain', '"drain" is not a command: allowed are'],
    ['register', 'INSURER is missing; PERIOD is missing: allowed is\n  npm run settle -- register INSURER PERIOD'],
    ['register VOLGA 2026-11', 'INSURER is "VOLGA" but must be the id of an insurer: 2 to 32 lower-case letters'],
    ['register volga 2026-13', 'PERIOD is "2026-13" but must be a month, yyyy-mm, such as 2026-11'],
    ['register volga 2026-11 2026-12', '"2026-12" is one argument too many: allowed is'],
    ['register volga 2026-11 --bom', '--bom needs --csv: allowed is'],
    ['register volga 2026-11 --out=x', '--out is "x" but needs --csv: allowed is'],
    ['register volga 2026-11 --csv --all', '--all is for the table: a CSV has all lines: allowed is'],
    ['register volga 2026-11 --csv --out=', '--out is "" but'],
    ['close volga 2026-11 --csv', '--csv is not for close: allowed is\n  npm run settle -- close INSURER PERIOD'],
    ['close volga 2026-11 --force', '--reason is missing: allowed is\n  npm run settle -- close INSURER PERIOD'],
    [
      'close --all volga 2026-11',
      '"2026-11" is one argument too many: allowed is\n  npm run settle -- close --all PERIOD',
    ],
    ['close --all 2026-11 --force --reason x', '--force is not for close --all: allowed is'],
    ['reconcile november', 'PERIOD is "november" but must be a month'],
    ['reconcile 2026-11 --all', '--all is not for reconcile: allowed is\n  npm run settle -- reconcile PERIOD'],
    ['dead-letters --status lost', '--status is "lost" but must be one of parked, booked, dismissed, all: allowed is'],
    ['dead-letter seventeen', 'ID is "seventeen" but must be the number of a dead letter'],
    ['replay', 'ID is missing: allowed is\n  npm run settle -- replay ID'],
    ['replay 17 --by=', '--by is "" but must be a name of 1 to 100 characters'],
    ['dismiss 17', '--reason is missing: allowed is\n  npm run settle -- dismiss ID --reason TEXT'],
    ['dismiss 17 --reason=', '--reason is "" but must be a text of 1 to 500 characters'],
    ['accounts --since=2026', "Unknown option '--since': allowed are"],
    ['constructor', '"constructor" is not a command'],
  ])('refuses "%s" with a sentence', (line, sentence) => {
    expect(() => parse(line)).toThrow(ConfigError);
    expect(() => parse(line)).toThrow(sentence);
  });
});
