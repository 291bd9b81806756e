import { ConfigError } from '#platform/config/parse-env.ts';
import type { Backend } from './backend.ts';
import type { UpstashConfig } from './config.ts';
import { findRedisServer } from './redis-server.ts';

/** What the choice comes to on this machine. Throws ConfigError when it cannot be had. */
export async function chooseBackend(choice: UpstashConfig['UPSTASH_BACKEND']): Promise<'redis' | 'mock'> {
  if (choice === 'mock') return 'mock';
  if (await findRedisServer()) return 'redis';
  if (choice === 'auto') return 'mock';
  throw new ConfigError(
    'UPSTASH_BACKEND is "redis" but there is no redis-server on the PATH: install it (Debian: redis-server), or allowed are auto and mock.',
  );
}

/** The Redis that was asked for; only what it needs is loaded. Throws ConfigError, or a sentence when it does not come up. */
export async function openBackend(config: Pick<UpstashConfig, 'UPSTASH_BACKEND' | 'REDIS_URL'>): Promise<Backend> {
  const { UPSTASH_BACKEND: choice, REDIS_URL: url } = config;
  if (url !== undefined) {
    if (choice === 'mock')
      throw new ConfigError('UPSTASH_BACKEND is "mock" and REDIS_URL is set: allowed is one of them.');
    return (await import('./redis-backend.ts')).openRedisBackend(url);
  }
  if ((await chooseBackend(choice)) === 'mock') return (await import('./mock-backend.ts')).createMockBackend();
  return (await import('./redis-backend.ts')).startRedisBackend();
}
