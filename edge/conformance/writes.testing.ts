import { SITE } from '../fake-core.testing.ts';
import type { Exchange } from './exchange.testing.ts';

const headers = {
  authorization: `Bearer ${SITE.key}`,
  'content-type': 'application/json',
  'idempotency-key': 'key-00001',
};
const sale = { target: '/v1/policies', method: 'POST', headers };
const OVER_64_KIB = 'x'.repeat(64 * 1024 + 1);

/** What goes to core each time, on behalf of a partner. */
export const WRITES: readonly Exchange[] = [
  {
    name: 'a sale to somebody with a Cyrillic name',
    ...sale,
    body: JSON.stringify({ offer: 'a.b.c', holder: { fullName: 'Анна Иванова' } }),
    expected: {
      status: 201,
      headers: { 'idempotency-replayed': 'true', 'cache-control': 'no-store', 'x-secret': null, 'set-cookie': null },
      body: { id: 'msk-1', partner: 'site', key: 'key-00001' },
    },
  },
  { name: 'a sale with no body', ...sale, expected: { status: 201 } },
  { name: 'a sale whose body is no JSON', ...sale, body: '{"offer":', expected: { status: 201 } },
  { name: 'a sale sent in chunks', ...sale, chunked: true, body: '{"offer":"a.b.c"}', expected: { status: 201 } },
  { name: 'a body of 64 KiB', ...sale, body: OVER_64_KIB.slice(1), expected: { status: 201 } },
  {
    name: 'a body over 64 KiB',
    ...sale,
    body: OVER_64_KIB,
    expected: { status: 413, headers: { 'cache-control': 'no-store' }, problem: 'payload-too-large' },
  },
  {
    name: 'a body over 64 KiB that does not say so',
    ...sale,
    chunked: true,
    body: OVER_64_KIB,
    expected: { status: 413, problem: 'payload-too-large' },
  },
  {
    name: 'a cancellation',
    ...sale,
    target: '/v1/policies/msk-1/cancel',
    body: '{"reason":"передумал"}',
    expected: {
      status: 200,
      headers: { 'idempotency-replayed': 'true' },
      body: { id: 'msk-1', status: 'cancelled', partner: 'site' },
    },
  },
  {
    name: 'a policy',
    target: '/v1/policies/msk-1',
    headers,
    expected: { status: 200, headers: { 'cache-control': 'no-store' }, body: { id: 'msk-1', partner: 'site' } },
  },
  {
    name: 'a listing, its query as it came',
    target: '/v1/policies?limit=2&cursor=%D1%8B%2B',
    headers,
    expected: { status: 200, body: { items: [], asked: { limit: '2', cursor: 'ы+' }, partner: 'site' } },
  },
];
