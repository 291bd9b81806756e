import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type TraceVariables, trace } from '#platform/telemetry/trace.ts';
import { isDatabaseAway } from './database-away.ts';
import { onError } from './handlers.ts';

const failure = (code: unknown) => Object.assign(new Error('secret of the database'), { code });
const AWAY = ['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT', 'ECONNREFUSED'];
const LOST = ['ECONNRESET', 'EPIPE', '08006', '57P01', '57P02', '57P03'];
/** A constraint, a lock, a statement that took too long, a deadlock, a full disk, no code at all. */
const OTHERS = ['23505', '55P03', '57014', '40P01', '53100', undefined, 8006];

describe('isDatabaseAway', () => {
  test.each([...AWAY, ...LOST])('%s: away, also as the cause of what Drizzle throws', (code) => {
    expect(isDatabaseAway(failure(code))).toBe(true);
    expect(isDatabaseAway(new Error('Failed query', { cause: failure(code) }))).toBe(true);
  });

  test.each(OTHERS)('%s: it answered', (code) => {
    expect(isDatabaseAway(failure(code))).toBe(false);
  });

  test.each([undefined, null, 'CONNECTION_CLOSED', { code: 'CONNECTION_CLOSED' }])('%j is no error', (thrown) => {
    expect(isDatabaseAway(thrown)).toBe(false);
  });
});

test('D2 a call that lost its database gets 503 and Retry-After, so that it is tried again; it is logged, its message not told', async () => {
  const error = failure('CONNECTION_CLOSED');
  const logged: unknown[] = [];
  const app = new Hono<{ Variables: TraceVariables }>().use(trace());
  app.onError(onError(({ err }) => logged.push(err)));
  app.get('/', () => {
    throw error;
  });
  const answer = await app.request('/');
  const text = await answer.text();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  expect(JSON.parse(text).type).toMatch(/\/core-unavailable$/);
  expect(text).not.toContain('secret');
  expect(logged).toEqual([error]);
});
