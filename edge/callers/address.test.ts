import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseAddress } from './address.ts';

/** Texts that are an address, nearly one, or made of the same characters. */
const text = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  fc.stringMatching(/^[0-9a-fA-F:.]{0,45}$/),
  fc.stringMatching(/^([0-9a-f]{0,5}:){0,9}[0-9a-f]{0,5}$/),
  fc.stringMatching(/^(0{0,2}[0-9]{1,3}\.){2,4}0{0,2}[0-9]{1,3}$/),
  fc.tuple(fc.ipV6(), fc.constantFrom('%eth0', '%', '%1', ' ', '/64', '%a%b')).map((parts) => parts.join('')),
);

describe('parseAddress', () => {
  it('reads exactly what node:net takes for an address', () => {
    fc.assert(
      fc.property(text, (address) => {
        expect([address, parseAddress(address) !== undefined]).toEqual([address, isIP(address) > 0]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads two texts alike when node:net takes them for one address, and no others', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, address, fc.boolean(), (one, other, same) => {
        const second = same ? respell(one) : other;
        const list = new BlockList();
        list.addAddress(one, family(one));
        const equal = JSON.stringify(parseAddress(one)) === JSON.stringify(parseAddress(second));
        expect([one, second, equal]).toEqual([one, second, list.check(second, family(second))]);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['192.0.2.1', '::ffff:c000:201'],
    ['192.0.2.1', '::FFFF:192.0.2.1'],
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:0001'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s and %s are one address', (one, other) => {
    expect(parseAddress(one)).toBeDefined();
    expect(parseAddress(one)).toEqual(parseAddress(other));
  });
});

const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

/** The same address, written otherwise. */
function respell(address: string): string {
  if (!address.includes(':')) return `::ffff:${address}`;
  return new URL(`http://[${address}]`).hostname.slice(1, -1).toUpperCase();
}
