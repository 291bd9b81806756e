import { describe, expect, it } from 'vitest';
import { capitalOptions } from './mock-options.ts';

describe('capitalOptions', () => {
  it.each([
    ['SET', ['px', 'nx', 'px', '5', 'nx'], ['px', 'nx', 'PX', '5', 'NX']],
    ['SCAN', ['0', 'match', 'count', 'count', '9'], ['0', 'MATCH', 'count', 'COUNT', '9']],
    ['ZADD', ['z', 'nx', 'ch', '1', 'nx'], ['z', 'NX', 'CH', '1', 'nx']],
    [
      'ZRANGE',
      ['z', '0', '9', 'byscore', 'limit', '0', '1', 'withScores'],
      ['z', '0', '9', 'BYSCORE', 'LIMIT', '0', '1', 'WITHSCORES'],
    ],
    ['HSET', ['nx', 'px', 'ex'], ['nx', 'px', 'ex']],
    ['SET', ['k'], ['k']],
  ])('%s %j: options only, never keys, values or patterns', (name, args, written) => {
    expect(capitalOptions(name, args)).toEqual(written);
  });
});
