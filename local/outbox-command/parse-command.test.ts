import { describe, expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseCommand } from './parse-command.ts';

describe('parseCommand', () => {
  test('takes a status, of a region if one is named', () => {
    expect(parseCommand(['status'])).toEqual({ verb: 'status' });
    expect(parseCommand(['status', '--region', 'nsk'])).toEqual({ verb: 'status', region: 'nsk' });
  });

  test.each([
    'beginning',
    '2026-11-22T10:00:00Z',
    '2026-11-22T13:00:00.5+03:00',
    '019aaafa-a500-7a5b-9c3d-2e1f0a9b8c7d',
  ])('takes a replay from %s', (from) => {
    expect(parseCommand(['replay', '--from', from])).toEqual({ verb: 'replay', request: { from, reason: 'by hand' } });
  });

  test('takes partitions and a reason', () => {
    const args = ['replay', '--from=beginning', '--partition', '3', '--partition=11', '--reason', 'a new Kafka'];
    const request = { from: 'beginning', partitions: [3, 11], reason: 'a new Kafka' };
    expect(parseCommand(args)).toEqual({ verb: 'replay', request });
  });

  test.each([
    [[], '"" is not a command: allowed are'],
    [['drain'], '"drain" is not a command: allowed are'],
    [['status', '--from=beginning'], '"status" is not a command'],
    [['replay'], '--from is missing: allowed are'],
    [['replay', '--from=yesterday'], '--from: must be "beginning", an instant (RFC 3339'],
    [['replay', '--from=beginning', '--partition=12'], '--partition: '],
    [['replay', '--from=beginning', '--partition=x'], '--partition: '],
    [['replay', '--from=beginning', '--partition=1', '--partition=1'], '--partition: must name each partition once'],
    [['replay', '--from=beginning', '--reason= '], '--reason: '],
    [['replay', '--since=beginning'], "Unknown option '--since': allowed are"],
  ])('refuses %j with a sentence', (args, sentence) => {
    expect(() => parseCommand(args)).toThrow(ConfigError);
    expect(() => parseCommand(args)).toThrow(sentence);
  });
});
