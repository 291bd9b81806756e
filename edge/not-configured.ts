import { Hono } from 'hono';
import type { ConfigError } from '#platform/config/parse-env.ts';
import { DomainError } from '#platform/problem/domain-error.ts';
import { onError } from '#platform/problem/handlers.ts';
import { trace } from '#platform/telemetry/trace.ts';
import { protectAnswers } from './answers/protect-answers.ts';
import { consoleLog } from './console-log.ts';
import type { EdgeEnv } from './context.ts';

/** Somebody has to set a variable and deploy again. */
const RETRY_AFTER_SECONDS = 60;

/** 503: nothing here works, and why is nobody's business but ours. */
class NotConfigured extends DomainError {
  constructor() {
    super('core-unavailable', 'The region cannot answer now', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}

/**
 * Stands in for the edge of a worker whose environment is not complete: a worker cannot refuse to start, since its
 * environment comes with the first request. The fault is said once, in the log; every request is answered 503, probes too,
 * so that the region leaves DNS.
 */
export function notConfigured(error: ConfigError, region = 'unknown'): Hono<EdgeEnv> {
  const log = consoleLog({ REGION: region, LOG_LEVEL: 'error' });
  log.error({}, error.message);
  const app = new Hono<EdgeEnv>();
  app.use(trace());
  app.use(protectAnswers);
  app.onError(onError((fields, message) => log.error(fields, message)));
  app.all('*', () => {
    throw new NotConfigured();
  });
  return app;
}
