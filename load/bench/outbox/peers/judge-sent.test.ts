import { describe, expect, test } from 'vitest';
import { judgeSent } from './judge-sent.ts';

const event = (policy: string, version: number) => ({
  eventId: `${policy}${version}`,
  aggregateId: policy,
  aggregateVersion: version,
});
const written = new Set(['a1', 'a2', 'a3', 'b1']);

describe('judgeSent', () => {
  test('finds nothing wrong with every event once and in the order of its policy', () => {
    const sent = [event('a', 1), event('b', 1), event('a', 2), event('a', 3)];
    expect(judgeSent(sent, written)).toEqual({ doubled: 0, misordered: 0 });
  });

  test('counts what came again, which changes no order', () => {
    const sent = [event('a', 1), event('a', 2), event('a', 1), event('a', 2), event('a', 3), event('b', 1)];
    expect(judgeSent(sent, written)).toEqual({ doubled: 2, misordered: 0 });
  });

  test('counts an event that is first seen behind a later one of its policy', () => {
    const sent = [event('a', 3), event('b', 1), event('a', 1), event('a', 2)];
    expect(judgeSent(sent, written)).toEqual({ doubled: 0, misordered: 2 });
  });

  test('throws when an event is lost, and when one is invented', () => {
    expect(() => judgeSent([event('a', 1), event('a', 2)], written)).toThrow('2 are lost, 0 invented');
    const more = [event('a', 1), event('a', 2), event('a', 3), event('b', 1), event('c', 1)];
    expect(() => judgeSent(more, written)).toThrow('0 are lost, 1 invented');
  });
});
