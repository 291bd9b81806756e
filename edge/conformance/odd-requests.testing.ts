import { SITE } from '../fake-core.testing.ts';
import type { Exchange } from './exchange.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const partner = { authorization: `Bearer ${SITE.key}` };
const missing = { status: 404, problem: 'not-found' };
const methodOf = (allow: string) => ({ status: 405, problem: 'method-not-allowed', headers: { allow } });

const methods: readonly Exchange[] = [
  { name: 'nothing there', target: '/v2/quotes', expected: missing },
  { name: 'another method on a read', target: '/v1/products', method: 'DELETE', expected: methodOf('GET, HEAD') },
  {
    name: 'another method on a write',
    target: '/v1/policies',
    method: 'PUT',
    headers: partner,
    expected: methodOf('GET, HEAD, POST'),
  },
  { name: 'OPTIONS', target: '/v1/products', method: 'OPTIONS', expected: methodOf('GET, HEAD') },
];

const paths: readonly Exchange[] = [
  ['a path out of its room', '/v1/policies/../../internal/partners/site'],
  ['an encoded path out of its room', '/v1/policies/%2e%2e/%2e%2e/internal/partners/site'],
  ['encoded slashes', '/v1/policies/..%2f..%2finternal%2fpartners%2fsite'],
  ['an encoded slash in an id', '/v1/policies/msk%2F1'],
  ['two slashes', '//v1/products'],
  ['two slashes further on', '/v1//products'],
  ['a slash at the end', '/v1/products/'],
  ['a zero byte', '/v1/policies/msk-1%00'],
  ['a percent sign alone', '/v1/policies/%'],
  ['bytes that are no text', '/v1/policies/%ff%fe'],
].map(([name, target]) => ({ name: name as string, target: target as string, headers: partner, expected: missing }));

const queries: readonly Exchange[] = [
  { name: 'a percent sign alone in a query', target: '/v1/localities?q=%', expected: { status: 200 } },
  { name: 'dots that lead to the same place', target: `/v1/./x/..${QUOTE.slice(3)}`, expected: { status: 200 } },
  {
    name: 'an address that core could not read',
    target: `${QUOTE}&place=${'x'.repeat(2_000)}`,
    expected: { status: 400, body: { errors: [{ field: 'url' }] }, problem: 'invalid-request' },
  },
  {
    name: 'a header of 8 KiB',
    target: QUOTE,
    headers: { 'x-padding': 'x'.repeat(8 * 1024) },
    expected: { status: 200 },
  },
];

/** What no honest client sends: the same everywhere, and none of it reaches core's inside. */
export const ODD_REQUESTS: readonly Exchange[] = [...methods, ...paths, ...queries];
