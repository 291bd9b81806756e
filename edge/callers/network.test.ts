import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseAddress } from './address.ts';
import { isInside, parseNetwork } from './network.ts';

type Family = 'ipv4' | 'ipv6';
const LENGTH = { ipv4: 32, ipv6: 128 } as const;

const bitsOf = (family: Family) => fc.bigInt({ min: 0n, max: (1n << BigInt(LENGTH[family])) - 1n });
/** A network, and an address that has its prefix but for at most one bit of it. */
const pair = fc.constantFrom<Family>('ipv4', 'ipv6').chain((family) =>
  fc.record({
    family: fc.constant(family),
    base: bitsOf(family),
    rest: bitsOf(family),
    prefix: fc.integer({ min: 0, max: LENGTH[family] }),
    flipped: fc.option(fc.integer({ min: 0, max: LENGTH[family] - 1 })),
  }),
);

function write(family: Family, bits: bigint): string {
  const size = family === 'ipv4' ? 8n : 16n;
  const count = family === 'ipv4' ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, at) => (bits >> (size * BigInt(count - 1 - at))) & ((1n << size) - 1n),
  );
  return parts.map((part) => part.toString(family === 'ipv4' ? 10 : 16)).join(family === 'ipv4' ? '.' : ':');
}

const isIn = (address: string, network: string) => {
  const [read, of] = [parseAddress(address), parseNetwork(network)];
  if (!read || !of) throw new Error(`not read: ${address} ${network}`);
  return isInside(read, of);
};

describe('isInside', () => {
  it("says of any address and network what node:net's BlockList says", () => {
    let inside = 0;
    fc.assert(
      fc.property(pair, ({ family, base, rest, prefix, flipped }) => {
        const behind = (1n << BigInt(LENGTH[family] - prefix)) - 1n;
        const network = write(family, base & ~behind);
        const flip = flipped === null ? 0n : 1n << BigInt(flipped);
        const address = write(family, ((base & ~behind) | (rest & behind)) ^ flip);
        const list = new BlockList();
        list.addSubnet(network, prefix, family);
        const expected = list.check(address, family);
        inside += Number(expected);
        const said = isIn(address, `${network}/${prefix}`);
        expect([address, network, prefix, said]).toEqual([address, network, prefix, expected]);
      }),
      { numRuns: 3_000 },
    );
    expect(inside).toBeGreaterThan(750);
    expect(inside).toBeLessThan(2_700);
  });

  test.each([
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['11.1.2.3', '::ffff:10.0.0.0/104', false],
    ['a00::1', '10.0.0.0/8', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.6', '192.0.2.7', false],
    ['2001:db8::1', '2001:db8::1', true],
  ])('%s in %s: %s', (address, network, expected) => expect(isIn(address, network)).toBe(expected));
});

describe('parseNetwork', () => {
  test.each([
    '10.0.0.1/8',
    '10.1.0.0/8',
    '2001:db8::1/64',
    '2001:db8:1::/32',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0/8',
    '010.0.0.0/8',
    'fe80::%eth0/64',
    'localhost',
    '',
    '10.0.0.0/8/8',
    '10.0.0.0 /8',
  ])('refuses "%s"', (text) => expect(parseNetwork(text)).toBeUndefined());
});
