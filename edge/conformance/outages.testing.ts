import { ALFA, SITE } from '../fake-core.testing.ts';
import type { Exchange } from './exchange.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const headers = { authorization: `Bearer ${SITE.key}`, 'idempotency-key': 'key-00002' };
const unavailable = { status: 503, headers: { 'retry-after': '1 or 2' }, problem: 'core-unavailable' };

/** First the store goes away, then core: the end of the conversation. */
export const OUTAGES: readonly Exchange[] = [
  {
    name: 'a new quote without the store',
    after: 'the store goes away',
    target: '/v1/quotes/osago?kbm=4',
    expected: { status: 200, headers: { 'cache-status': 'insuretech-edge; fwd=uri-miss; stored' } },
  },
  {
    name: 'a sale without the store',
    target: '/v1/policies',
    method: 'POST',
    headers,
    body: '{}',
    expected: { status: 201 },
  },
  {
    name: 'a quote that is kept, without core',
    after: 'core goes away',
    target: QUOTE,
    expected: { status: 200, headers: { 'cache-status': 'insuretech-edge; hit; ttl=N' } },
  },
  { name: 'a new quote without core', target: '/v1/quotes/osago?kbm=5', expected: unavailable },
  { name: 'a sale without core', target: '/v1/policies', method: 'POST', headers, body: '{}', expected: unavailable },
  { name: 'a policy without core', target: '/v1/policies/msk-1', headers, expected: unavailable },
  {
    name: 'an unknown partner without core',
    target: QUOTE,
    headers: { authorization: `Bearer ${ALFA.key}` },
    expected: unavailable,
  },
  {
    name: 'a region without core',
    target: '/healthz/gslb',
    patient: true,
    expected: { status: 503, body: { checks: { core: 'failing' } } },
  },
];
