import { describe, expect, it, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig, parseDenoConfig, parseNodeConfig } from '../config.ts';

const GOOD = { REGION: 'msk', CORE_URL: 'http://127.0.0.1:8788', HOP_KEY: 'A'.repeat(43), PORT: '8787' };

describe('TRUSTED_PROXIES', () => {
  it('is nobody unless it is set, on Node and on Deno; a worker knows no such variable', () => {
    for (const parse of [parseNodeConfig, parseDenoConfig]) {
      expect(parse(GOOD).TRUSTED_PROXIES).toEqual([]);
      expect(parse({ ...GOOD, TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1' }).TRUSTED_PROXIES).toHaveLength(
        3,
      );
    }
    expect(parseConfig({ ...GOOD, TRUSTED_PROXIES: 'anything' })).not.toHaveProperty('TRUSTED_PROXIES');
  });

  test.each(['10.0.0.0/8,', '10.0.0.1/8', 'localhost', '0.0.0.0/0', '::/0', '::ffff:0:0/96', '10.0.0.0/8 192.0.2.1'])(
    '"%s" is refused in one sentence that says what is allowed',
    (text) => {
      for (const parse of [parseNodeConfig, parseDenoConfig]) {
        const refused = `Configuration is not valid: TRUSTED_PROXIES is "${text}" but must be networks or addresses separated by commas`;
        expect(() => parse({ ...GOOD, TRUSTED_PROXIES: text })).toThrow(ConfigError);
        expect(() => parse({ ...GOOD, TRUSTED_PROXIES: text })).toThrow(refused);
      }
    },
  );
});
