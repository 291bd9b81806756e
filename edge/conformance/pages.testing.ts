import type { Exchange } from './exchange.testing.ts';

/** A page that may call from a browser. */
export const PAGE = 'https://insuretech.example';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const preflight = (origin: string) => ({
  target: QUOTE,
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  },
});

/** Calls from a browser: cached answers too are told apart by whose page asks. */
export const PAGES: readonly Exchange[] = [
  {
    name: 'a preflight of a page that may call',
    ...preflight(PAGE),
    expected: {
      status: 204,
      headers: {
        'access-control-allow-origin': PAGE,
        'access-control-allow-headers': /authorization/i,
        ratelimit: null,
      },
      body: '',
    },
  },
  {
    name: 'a preflight of another page',
    ...preflight('https://evil.test'),
    expected: { status: 204, headers: { 'access-control-allow-origin': null } },
  },
  {
    name: 'a call of a page that may call',
    target: QUOTE,
    headers: { origin: PAGE },
    expected: {
      status: 200,
      headers: { 'access-control-allow-origin': PAGE, 'access-control-expose-headers': /ratelimit/i, vary: /Origin/ },
    },
  },
  {
    name: 'a call of another page',
    target: QUOTE,
    headers: { origin: 'https://evil.test' },
    expected: { status: 200, headers: { 'access-control-allow-origin': null, vary: /Origin/ } },
  },
];
