import Redis from 'ioredis-mock';
import { serve } from '#platform/lifecycle/serve.ts';
import { runService } from '#platform/lifecycle/service.ts';
import { createUpstashApp } from './app.ts';
import { parseConfig } from './config.ts';

await runService('upstash', async () => {
  const { HOST: host, PORT: port, UPSTASH_TOKEN: token } = parseConfig(process.env);
  const app = createUpstashApp({ redis: new Redis(), token });
  const listening = await serve((request) => app.fetch(request), { host, port });
  process.stdout.write(`upstash: ready, UPSTASH_REDIS_REST_URL=http://${host}:${listening.port}\n`);
  return {
    done: new Promise<void>(() => undefined),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
});
