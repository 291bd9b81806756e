import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('npm run fuzz', () => {
  it('takes five minutes and seed 1 unless told otherwise', () => {
    expect(parseOptions([])).toEqual({ seconds: 300, seed: 1 });
    const args = ['--url', 'http://127.0.0.1:8787/', '--key', 'ik_alfa_x', '--seconds', '60', '--seed', '7'];
    expect(parseOptions(args)).toEqual({ url: 'http://127.0.0.1:8787', key: 'ik_alfa_x', seconds: 60, seed: 7 });
  });

  it.each([
    [['--seconds', '5'], '--seconds is "5" but must be an integer from 20 to 86400.'],
    [['--seed', '-1'], 'argument is ambiguous'],
    [['--seed', 'x'], '--seed is "x" but must be an integer from 0 to 999999999.'],
    [['--url', '127.0.0.1:8787'], '--url is "127.0.0.1:8787" but must be the address of an edge'],
    [['--url', 'http://a/v1'], '--url is "http://a/v1" but must be the address of an edge'],
    [['--key', 'ik_a_b'], '--key is for an edge: --url must say which.'],
    [['--url', 'http://a', '--key', 'alfa'], '--key must be a key of a partner, ik_...'],
    [['--loud'], "Unknown option '--loud'"],
  ])('refuses %j', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
