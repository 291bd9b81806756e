import { serve } from '#platform/lifecycle/serve.ts';
import { runService } from '#platform/lifecycle/service.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { createUpstashApp } from './app.ts';
import { parseConfig } from './config.ts';
import { delayAnswers } from './delay-answers.ts';
import { openBackend } from './open-backend.ts';

await runService('upstash', async () => {
  const config = parseConfig(process.env);
  const { HOST: host, PORT: port, UPSTASH_TOKEN: token, UPSTASH_DELAY_MS: delayMs } = config;
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await openBackend(config));
  const stopping = new AbortController();
  const delay = delayAnswers({ delayMs, now: () => performance.now(), wait, stopping: stopping.signal });
  const app = createUpstashApp({ backend, token, ...(delayMs > 0 && { delay }) });
  const listening = stack.use(await serve((request) => app.fetch(request), { host, port }));
  stack.defer(() => stopping.abort());
  const late = delayMs > 0 ? `, answers after ${delayMs} ms` : '';
  process.stdout.write(
    `upstash: ready on ${backend.name}${late}, UPSTASH_REDIS_REST_URL=http://${host}:${listening.port}\n`,
  );
  const owned = stack.move();
  return { done: backend.done, [Symbol.asyncDispose]: () => owned.disposeAsync() };
});
