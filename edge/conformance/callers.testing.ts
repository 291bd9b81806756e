import { BETA, demoPartner, SITE } from '../fake-core.testing.ts';
import type { Exchange } from './exchange.testing.ts';

/** A partner whose only key was taken back. */
export const REVOKED = demoPartner('revoked', 20);
const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const refused = { status: 401, headers: { 'www-authenticate': 'Bearer' }, problem: 'unauthenticated' };

/** Who asks: each route of partners' and each bad key is refused before core hears of it. */
export const CALLERS: readonly Exchange[] = [
  { name: 'a write without a key', target: '/v1/policies', method: 'POST', body: '{}', expected: refused },
  { name: 'a key that is none', target: QUOTE, headers: bearer('wrong'), expected: refused },
  { name: 'another scheme', target: QUOTE, headers: { authorization: 'Basic YTpi' }, expected: refused },
  {
    name: 'a key of nobody',
    target: QUOTE,
    headers: bearer(demoPartner('nobody', 1).key),
    expected: refused,
  },
  {
    name: 'a key with one letter wrong',
    target: QUOTE,
    headers: bearer(`${BETA.key.slice(0, -1)}!`),
    expected: refused,
  },
  { name: 'a key that was taken back', target: QUOTE, headers: bearer(REVOKED.key), expected: refused },
  {
    name: 'a key in a query',
    target: `${QUOTE}&key=${SITE.key}`,
    expected: { status: 400, headers: { 'cache-control': 'no-store' }, problem: 'invalid-request' },
  },
  {
    name: 'a key in a path',
    target: `/v1/policies/${SITE.key}`,
    expected: { status: 400, problem: 'invalid-request' },
  },
  {
    name: 'a partner over its limit',
    target: QUOTE,
    headers: bearer(BETA.key),
    times: 100,
    expected: [
      { status: 200, headers: { 'ratelimit-policy': /^"partner";q=20;w=1/ } },
      {
        status: 429,
        headers: {
          'retry-after': '1 or 2',
          'ratelimit-policy': /^"partner";q=20;w=1/,
          ratelimit: '"partner";r=N;t=N',
          'cache-control': 'no-store',
        },
        problem: 'rate-limited',
      },
    ],
  },
];
