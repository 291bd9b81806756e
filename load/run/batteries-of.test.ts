import { expect, test } from 'vitest';
import type { Stream } from '../traffic/plan-run.ts';
import { batteriesOf } from './batteries-of.ts';

const PLACES = [{ url: 'http://a' }, { url: 'http://b' }];
const stream = (perSecond: number) => ({ perSecond, startSeconds: 15 }) as Stream;

test.each([1, 3, 18, 20, 37, 250])(
  'a stream of %i a second has a connection for each, spread over its second',
  (perSecond) => {
    const batteries = batteriesOf(stream(perSecond), PLACES);
    expect(batteries.reduce((sum, { connections }) => sum + connections, 0)).toBe(perSecond);
    const sizes = batteries.map(({ connections }) => connections);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
    const starts = batteries.map(({ startMs }) => startMs);
    expect(starts[0]).toBe(15_000);
    expect(starts.every((startMs, index) => index === 0 || startMs - (starts[index - 1] ?? 0) >= 50)).toBe(true);
    expect(starts.at(-1)).toBeLessThan(16_000);
  },
);

test('places take turns', () => {
  expect(batteriesOf(stream(4), PLACES).map(({ place }) => place.url)).toEqual([
    'http://a',
    'http://b',
    'http://a',
    'http://b',
  ]);
});
