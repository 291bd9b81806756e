import { expect, test } from 'vitest';
import { methodsAt } from './methods-at.ts';

const ROUTES = [
  { method: 'ALL', path: '/*' },
  { method: 'ALL', path: '/v1/policies' },
  { method: 'GET', path: '/v1/policies/*' },
  { method: 'POST', path: '/v1/policies' },
  { method: 'GET', path: '/v1/policies' },
  { method: 'GET', path: '/v1/policies/:id' },
  { method: 'POST', path: '/v1/policies/:id/cancel' },
  { method: 'PUT', path: '/v1/words/:word{[a-z]{1,3}}' },
];

test.each([
  ['/v1/policies', ['GET', 'HEAD', 'POST']],
  ['/v1/policies/msk-1', ['GET', 'HEAD']],
  ['/v1/policies/msk-1/cancel', ['POST']],
  ['/v1/policies/', []],
  ['/v1/policies/msk-1/', []],
  ['/v1//policies', []],
  ['/v1/policies//cancel', []],
  ['/v1/words/abc', ['PUT']],
  ['/v1/words/abcd', []],
  ['/v1/words/a;b', []],
  ['/', []],
])('%s has %j', (path, methods) => {
  expect(methodsAt(ROUTES, path)).toEqual(methods);
});
