import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createTestEdge, statuses } from '../edge.testing.ts';
import { countedAs } from './counted-as.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';

describe('countedAs', () => {
  it('counts any two addresses of one /64 as one, and of two as two', () => {
    const group = fc.integer({ min: 1, max: 0xffff }).map((number) => number.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'));
    fc.assert(
      fc.property(half, half, half, half, (network, other, host, guest) => {
        expect(countedAs(`${network}:${host}`)).toBe(countedAs(`${network}:${guest}`));
        fc.pre(network !== other);
        expect(countedAs(`${network}:${host}`)).not.toBe(countedAs(`${other}:${host}`));
      }),
    );
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['unknown:', 'unknown:'],
  ])('counts %s as %s', (address, expected) => expect(countedAs(address)).toBe(expected));
});

describe('the limit of an address', () => {
  const send = (addresses: readonly string[]) => {
    const edge = createTestEdge();
    return Promise.all(addresses.map((address) => edge.get(QUOTE, { address })));
  };

  it('is of all of an IPv6 /64 together: whoever has one has 2^64 addresses', async () => {
    const own = Array.from({ length: 25 }, (_, at) => `2001:db8:0:7:${at.toString(16)}::1`);
    const neighbour = '2001:db8:0:8::1';
    expect(statuses(await send([...own, neighbour]))).toEqual({ 200: 21, 429: 5 });
  });

  it('is of an IPv4 address in both of its spellings', async () => {
    const spellings = Array.from({ length: 25 }, (_, at) => (at % 2 ? '192.0.2.7' : '::ffff:192.0.2.7'));
    expect(statuses(await send([...spellings, '192.0.2.8']))).toEqual({ 200: 21, 429: 5 });
  });
});
