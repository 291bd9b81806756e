import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { callerAddress } from './caller-address.ts';
import { parseNetwork } from './network.ts';

const PROXIES = ['10.0.0.0/8', '192.0.2.10', '2001:db8:ffff::/48'].flatMap((text) => parseNetwork(text) ?? []);
const PROXY = '10.0.0.1';
const CLIENT = '203.0.113.9';
const told = (forwardedFor: string | undefined, connection: string | undefined = PROXY) =>
  callerAddress(PROXIES, { connection, forwardedFor });

/** Whatever a client may write. */
const anything = fc.oneof(
  fc.string(),
  fc
    .array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(PROXY, 'unknown', '', '_hidden')))
    .map((list) => list.join(', ')),
);

describe('X-Forwarded-For', () => {
  it('spoofed X-Forwarded-For refused: from whoever is no trusted proxy it is not believed, whatever it says', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(CLIENT, '2001:db8::7', '11.0.0.1', '192.0.2.11'), (header, connection) => {
        expect(told(header, connection)).toBe(connection);
      }),
    );
  });

  it('with no trusted proxies it is believed of nobody', () => {
    fc.assert(
      fc.property(anything, (header) => {
        expect(callerAddress([], { connection: PROXY, forwardedFor: header })).toBe(PROXY);
      }),
    );
  });

  it('what a client writes stands left of the address that the proxy adds, and changes nothing', () => {
    fc.assert(
      fc.property(anything, (header) => {
        expect(told(`${header}, ${CLIENT}`)).toBe(CLIENT);
      }),
    );
  });

  test.each([
    ['one proxy', CLIENT, CLIENT],
    ['two proxies', `${CLIENT}, 10.0.0.2`, CLIENT],
    ['proxies of both families', `${CLIENT},2001:db8:ffff::1 ,192.0.2.10`, CLIENT],
    ['a client that is left of a stranger', `198.51.100.1, ${CLIENT}, 10.0.0.2`, CLIENT],
    ['several headers, joined', `198.51.100.1, ${CLIENT}, 10.0.0.2, 10.0.0.3`, CLIENT],
    ['none', undefined, PROXY],
    ['nothing in it', '', PROXY],
    ['empty elements', `, ${CLIENT}, ,, `, CLIENT],
    ['proxies alone: a call from inside', '10.0.0.9, 10.0.0.2', '10.0.0.9'],
    ['an address with a port', `${CLIENT}:51234`, CLIENT],
    ['IPv6', '2001:db8::7', '2001:db8::7'],
    ['IPv6 in brackets', '[2001:db8::7]', '2001:db8::7'],
    ['IPv6 with a port', '[2001:db8::7]:51234', '2001:db8::7'],
    ['IPv6 with a zone', 'fe80::7%eth0', 'fe80::7%eth0'],
    ['a mapped proxy', `${CLIENT}, ::ffff:10.0.0.2`, CLIENT],
    ['a mapped proxy with a port', `${CLIENT}, [::ffff:10.0.0.2]:80`, CLIENT],
  ])('%s: the rightmost that is no trusted proxy', (_what, header, expected) => {
    expect(told(header)).toBe(expected);
  });

  it('is believed of a proxy that a socket of both families shows as mapped', () => {
    expect(told(CLIENT, '::ffff:10.0.0.1')).toBe(CLIENT);
  });

  test.each([
    'unknown',
    '_secret',
    'localhost',
    '203.0.113',
    '203.0.113.9.',
    '0xcb.0.113.9',
    '203.0.113.09',
    '[203.0.113.9]',
    '[::1',
    '::1]',
    '"203.0.113.9"',
    'for=203.0.113.9',
    '203.0.113.9:port',
    '203.0.113.9:123456',
    '<script>',
  ])('an entry "%s" is no address: the caller is the proxy that wrote it', (entry) => {
    expect(told(`${CLIENT}, ${entry}`)).toBe(PROXY);
    expect(told(`${CLIENT}, ${entry}, 10.0.0.2`)).toBe('10.0.0.2');
  });

  it('a connection of which the runtime cannot tell the address is nobody to believe', () => {
    expect(callerAddress(PROXIES, { connection: undefined, forwardedFor: CLIENT })).toBe('unknown');
  });
});
