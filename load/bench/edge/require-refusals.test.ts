import { expect, test } from 'vitest';
import { requireWithin } from './require-refusals.ts';

test('requireWithin lets a limiter pass that admits no more than it may and refuses the rest', () => {
  expect(() => requireWithin('nginx', { 200: 300, 429: 500 }, 300)).not.toThrow();
});

test.each([
  ['admits too many', { 200: 301, 429: 499 }],
  ['refuses nobody', { 200: 300 }],
  ['admits nobody', { 429: 800 }],
  ['answers otherwise', { 200: 300, 429: 499, 503: 1 }],
])('requireWithin throws when it %s', (_, statuses) => {
  expect(() => requireWithin('nginx', statuses, 300)).toThrow(/^nginx answered .* where at most 300 may be admitted$/);
});
