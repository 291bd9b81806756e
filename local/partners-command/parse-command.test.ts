import { describe, expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseCommand } from './parse-command.ts';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '));
const DIGEST = 'ab'.repeat(32);

describe('parseCommand', () => {
  test.each([
    ['show alfa', { form: 'show', partner: 'alfa', region: [] }],
    ['show alfa --region nsk --region msk', { form: 'show', partner: 'alfa', region: ['nsk', 'msk'] }],
    ['limit alfa 40', { form: 'limit', partner: 'alfa', limit: 40, region: [] }],
    ['limit alfa 100000', { form: 'limit', limit: 100_000 }],
    ['share alfa msk=20 nsk=80', { form: 'share', share: { msk: 20, nsk: 80 }, 'no-wait': false }],
    [
      'share alfa msk=0 nsk=100 --no-wait --region nsk',
      { form: 'share', share: { msk: 0, nsk: 100 }, 'no-wait': true },
    ],
    ['share alfa msk=5', { form: 'share', share: { msk: 5 } }],
    ['rotate-key alfa', { form: 'rotate-key', partner: 'alfa', 'drop-oldest': false }],
    [`rotate-key alfa --drop-oldest --digest ${DIGEST}`, { form: 'rotate-key', 'drop-oldest': true, digest: DIGEST }],
    ['revoke-key alfa abababab', { form: 'revoke-key', partner: 'alfa', digits: 'abababab' }],
  ])('takes %s', (line, command) => {
    expect(parse(line)).toMatchObject(command);
  });

  test.each([
    ['', '"" is not a command: allowed are\n  npm run partners -- show PARTNER [--region NAME]...'],
    ['create alfa', '"create" is not a command: allowed are'],
    ['show', 'PARTNER is missing: allowed is\n  npm run partners -- show PARTNER [--region NAME]...'],
    ['show ALFA', 'PARTNER is "ALFA" but must be the id of a partner: 2 to 32 lower-case letters'],
    ['show alfa beta', '"beta" is one argument too many: allowed is'],
    ['show alfa --region MSK', '--region is "MSK" but must be the name of a region: 2 to 8 lower-case letters'],
    ['show alfa --no-wait', '--no-wait is not for show: allowed is'],
    ['limit alfa', 'LIMIT is missing: allowed is\n  npm run partners -- limit PARTNER LIMIT'],
    ...['0', '100001', '1.5', '1e3', 'forty'].map((limit) => [
      `limit alfa ${limit}`,
      `LIMIT is "${limit}" but must be requests a second, an integer from 1 to 100000: allowed is`,
    ]),
    ['share alfa', 'SHARE is missing: allowed is\n  npm run partners -- share PARTNER REGION=PERCENT... [--no-wait]'],
    ...['msk', 'msk=', 'msk=101', 'msk=1.5', 'msk=020', 'MSK=20', 'm=20'].map((share) => [
      `share alfa nsk=1 ${share}`,
      `SHARE is "${share}" but must be REGION=PERCENT, a region and an integer from 0 to 100, such as msk=20: allowed`,
    ]),
    ['share alfa msk=20 msk=30', 'SHARE must name each region once: allowed is'],
    ['share alfa msk=50 nsk=51', 'SHARE must add up to 100 or less, and adds up to 101: allowed is'],
    ['rotate-key alfa --digest=AB', '--digest is "AB" but must be the SHA-256 of a key, 64 lower-case hex digits'],
    ['revoke-key alfa', 'DIGITS is missing: allowed is\n  npm run partners -- revoke-key PARTNER DIGITS'],
    ['revoke-key alfa 1234567', 'DIGITS is "1234567" but must be the first digits of a SHA-256, 8 to 64'],
    ['limit alfa -5', "Unknown option '-5': allowed are"],
  ])('refuses "%s" with a sentence', (line, sentence) => {
    expect(() => parse(line as string)).toThrow(ConfigError);
    expect(() => parse(line as string)).toThrow(sentence);
  });
});
