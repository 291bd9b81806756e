import { describe, expect, test } from 'vitest';
import { choose } from './choose.ts';

const KNOWN = ['sale', 'rating', 'aggregator'] as const;

describe('choose', () => {
  test('takes every benchmark when none is named', () => {
    expect(choose([], KNOWN)).toEqual(['sale', 'rating', 'aggregator']);
  });

  test('takes those named, each once', () => {
    expect(choose(['aggregator', 'sale', 'sale'], KNOWN)).toEqual(['sale', 'aggregator']);
  });

  test('names what is unknown and what there is', () => {
    expect(() => choose(['rating', 'speed', 'load'], KNOWN)).toThrow(
      'There is no benchmark "speed", "load": there are sale, rating, aggregator',
    );
  });
});
