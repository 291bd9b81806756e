import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig } from './config.ts';

const good = { PORT: '8793', UPSTASH_TOKEN: 'a-token-of-the-stand-in-for-tests-only' };

describe('parseConfig', () => {
  it('finds a Redis by itself and answers at once unless told otherwise', () => {
    expect(parseConfig(good)).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8793,
      UPSTASH_BACKEND: 'auto',
      UPSTASH_DELAY_MS: 0,
    });
    const told = { UPSTASH_BACKEND: 'redis', UPSTASH_DELAY_MS: '60000', REDIS_URL: 'rediss://:pw@redis:6379/2' };
    expect(parseConfig({ ...good, ...told })).toMatchObject({ ...told, UPSTASH_DELAY_MS: 60_000 });
  });

  it.each([
    [{ UPSTASH_BACKEND: 'valkey' }, 'UPSTASH_BACKEND is "valkey" but must be auto, redis or mock'],
    [{ UPSTASH_DELAY_MS: '-1' }, 'UPSTASH_DELAY_MS is "-1" but must be an integer from 0 to 60000'],
    [{ UPSTASH_DELAY_MS: '60001' }, 'UPSTASH_DELAY_MS is "60001" but must be an integer from 0 to 60000'],
    [{ UPSTASH_DELAY_MS: '1.5' }, 'UPSTASH_DELAY_MS is "1.5" but must be an integer from 0 to 60000'],
    [{ REDIS_URL: 'http://:hunter2@redis' }, 'REDIS_URL must be a redis or rediss URL'],
    [{ UPSTASH_TOKEN: 'short' }, 'UPSTASH_TOKEN must be at least 32 visible ASCII characters'],
  ])('refuses %j in one sentence, showing no secret', (env, fault) => {
    expect(() => parseConfig({ ...good, ...env })).toThrow(new ConfigError(`Configuration is not valid: ${fault}.`));
  });
});
