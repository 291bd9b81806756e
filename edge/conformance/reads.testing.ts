import { SITE } from '../fake-core.testing.ts';
import type { Exchange } from './exchange.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const MISS = 'insuretech-edge; fwd=uri-miss; stored';
const HIT = 'insuretech-edge; hit; ttl=N';
const PUBLIC = 'public, max-age=30, must-revalidate';

const quotes: readonly Exchange[] = [
  {
    name: 'a quote that nobody asked for before',
    target: QUOTE,
    expected: {
      status: 200,
      headers: {
        'cache-status': MISS,
        'cache-control': PUBLIC,
        'content-type': 'application/json',
        age: 'N',
        etag: /^"[\w-]{22}"$/,
        vary: /\bAuthorization\b/,
        'ratelimit-policy': '"address";q=1000;w=1',
        ratelimit: '"address";r=N;t=N',
      },
      body: { product: 'osago', rated: 1, risk: { kbm: '3', months: '12' }, offers: [{ token: 't1' }] },
    },
  },
  {
    name: 'the same in another order, with a repeat and another spelling',
    target: '/v1/quotes/osago?%6Donths=12&kbm=3&months=1%32',
    expected: { status: 200, headers: { 'cache-status': HIT, 'cache-control': PUBLIC }, body: { rated: 1 } },
  },
  {
    name: 'the same with a key',
    target: QUOTE,
    headers: { authorization: `Bearer ${SITE.key}` },
    expected: {
      status: 200,
      headers: {
        'cache-status': HIT,
        'cache-control': 'private, max-age=30, must-revalidate',
        'ratelimit-policy': /^"partner";q=1000;w=1/,
      },
      body: { rated: 1 },
    },
  },
  {
    name: 'an answer that the client has',
    target: QUOTE,
    headers: { 'if-none-match': '*' },
    expected: { status: 304, headers: { 'cache-status': HIT, etag: /^"/ }, body: '' },
  },
  {
    name: 'an answer that the client has not',
    target: QUOTE,
    headers: { 'if-none-match': 'W/"one", "another"' },
    expected: { status: 200, headers: { 'cache-status': HIT } },
  },
  {
    name: 'HEAD of a quote',
    target: QUOTE,
    method: 'HEAD',
    expected: { status: 200, headers: { 'cache-status': HIT, 'content-type': 'application/json' }, body: '' },
  },
  {
    name: 'a quote with Cyrillic in a parameter',
    target: '/v1/quotes/osago?locality=%D0%92%D0%BB%D0%B0%D0%B4%D0%B8%D0%B2%D0%BE%D1%81%D1%82%D0%BE%D0%BA',
    expected: { status: 200, headers: { 'cache-status': MISS }, body: { risk: { locality: 'Владивосток' } } },
  },
  {
    name: 'a quote that core refuses',
    target: '/v1/quotes/osago?kbm=rubbish',
    expected: {
      status: 400,
      headers: { 'cache-status': 'insuretech-edge; fwd=uri-miss; fwd-status=400', 'cache-control': 'no-store' },
      body: { type: 'invalid-request' },
    },
  },
  { name: 'a product that core does not know', target: '/v1/quotes/travel', expected: { status: 404 } },
  { name: 'a product in capitals', target: '/v1/quotes/OSAGO', expected: { status: 404, problem: 'not-found' } },
];

const others: readonly Exchange[] = [
  {
    name: 'products',
    target: '/v1/products',
    expected: {
      status: 200,
      headers: { 'cache-control': 'public, max-age=1, must-revalidate' },
      body: { items: [{ product: 'osago' }] },
    },
  },
  {
    name: 'places',
    target: '/v1/localities?q=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C',
    expected: {
      status: 200,
      headers: { 'cache-status': MISS, 'cache-control': 'public, max-age=300, must-revalidate' },
      body: { items: [{ locality: 'Казань' }] },
    },
  },
  {
    name: 'HEAD of places',
    target: '/v1/localities?q=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C',
    method: 'HEAD',
    expected: { status: 200, headers: { 'cache-status': HIT }, body: '' },
  },
  { name: 'places of nothing', target: '/v1/localities', expected: { status: 400 } },
  { name: 'live', target: '/healthz/live', expected: { status: 200, body: '{"status":"ok","checks":{}}' } },
  { name: 'ready', target: '/healthz/ready', expected: { status: 200, body: { status: 'ok' } } },
  { name: 'a region that works', target: '/healthz/gslb', expected: { status: 200, body: { checks: { core: 'ok' } } } },
  { name: 'the description', target: '/openapi.json', expected: { status: 200, body: { openapi: '3.1.0' } } },
  {
    name: 'its page, whatever the query',
    target: '/docs?v=1',
    expected: { status: 200, headers: { 'content-type': /^text\/html/ }, body: '<!doctype html><title>API</title>' },
  },
];

export const READS: readonly Exchange[] = [...quotes, ...others];
