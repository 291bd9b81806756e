import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig, parseNodeConfig } from './config.ts';

const GOOD = { REGION: 'msk', CORE_URL: 'http://127.0.0.1:8788', HOP_KEY: 'A'.repeat(43) };
const TOKEN = 'a-token-that-is-long-enough-for-a-store';

function faultOf(env: Record<string, string>): string {
  try {
    parseConfig(env);
    return 'none';
  } catch (error) {
    return error instanceof ConfigError ? error.message : `unexpected: ${error}`;
  }
}

describe('parseConfig', () => {
  it('needs a region, core and the hop key, and nothing else', () => {
    expect(parseConfig(GOOD)).toMatchObject({ REGION: 'msk', LOG_LEVEL: 'info', ANONYMOUS_LIMIT_PER_SECOND: 20 });
    expect(faultOf({})).toBe('Configuration is not valid: REGION is missing; CORE_URL is missing; HOP_KEY is missing.');
  });

  it('takes the store whole or not at all, and never shows a secret', () => {
    expect(faultOf({ ...GOOD, UPSTASH_REDIS_REST_TOKEN: TOKEN })).toContain('UPSTASH_REDIS_REST_URL is missing');
    expect(faultOf({ ...GOOD, UPSTASH_REDIS_REST_URL: 'https://store.test' })).toContain('_TOKEN is missing');
    expect(faultOf({ ...GOOD, HOP_KEY: 'hunter2' })).toBe(
      'Configuration is not valid: HOP_KEY must be 32 bytes in base64url.',
    );
  });

  it('gives core 64 calls at once unless told otherwise, from 1 to 1,000', () => {
    expect(parseConfig(GOOD).CORE_CONCURRENCY).toBe(64);
    expect(parseConfig({ ...GOOD, CORE_CONCURRENCY: '1' }).CORE_CONCURRENCY).toBe(1);
    for (const wrong of ['0', '1001', 'many', '2.5'])
      expect(faultOf({ ...GOOD, CORE_CONCURRENCY: wrong })).toBe(
        `Configuration is not valid: CORE_CONCURRENCY is "${wrong}" but must be an integer from 1 to 1000.`,
      );
  });

  it('puts the metrics of a Node process four ports up unless told otherwise', () => {
    expect(parseNodeConfig({ ...GOOD, PORT: '8787' }).METRICS_PORT).toBe(8791);
    expect(parseNodeConfig({ ...GOOD, PORT: '0' }).METRICS_PORT).toBe(0);
    expect(parseNodeConfig({ ...GOOD, PORT: '8787', METRICS_PORT: '9100' }).METRICS_PORT).toBe(9100);
  });
});
