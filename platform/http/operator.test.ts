import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { DomainError } from '#platform/problem/domain-error.ts';
import { operatorOnly } from './operator.ts';

const TOKEN = 'operator-token-for-tests-only-32chars';
let refused: unknown;
const app = new Hono().use(operatorOnly(TOKEN)).get('/', (c) => c.text('in'));
app.onError((error, c) => {
  refused = error;
  return c.text('out', 401);
});
const ask = (authorization?: string) =>
  app.request('/', authorization === undefined ? {} : { headers: { authorization } });

test('lets the operator in', async () => {
  expect(await (await ask(`Bearer ${TOKEN}`)).text()).toBe('in');
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  TOKEN,
  `Basic ${TOKEN}`,
  `Bearer ${TOKEN}x`,
  `Bearer ${TOKEN.slice(0, -1)}`,
  `Bearer ${TOKEN.toUpperCase()}`,
  `Bearer  ${TOKEN}`,
])('keeps out "%s", and repeats nothing of it', async (authorization) => {
  refused = undefined;
  const response = await ask(authorization);
  expect(response.status).toBe(401);
  expect(refused).toBeInstanceOf(DomainError);
  expect(refused).toMatchObject({
    slug: 'unauthenticated',
    message: 'This call needs the operator token: Authorization: Bearer <token>',
  });
});
