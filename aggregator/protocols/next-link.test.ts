import { describe, expect, test } from 'vitest';
import { nextLink } from './next-link.ts';

const baseUrl = 'http://insurers.test/kama';
const follow = (link: string, base = baseUrl) => nextLink(link, { from: `${base}/list/osago`, baseUrl: base });

describe('nextLink', () => {
  test.each([
    ['?from=4', 'http://insurers.test/kama/list/osago?from=4'],
    ['osago?from=4', 'http://insurers.test/kama/list/osago?from=4'],
    ['../other/2', 'http://insurers.test/kama/other/2'],
    ['/kama/list/osago?from=4', 'http://insurers.test/kama/list/osago?from=4'],
    ['http://insurers.test/kama/2', 'http://insurers.test/kama/2'],
    ['HTTP://Insurers.TEST:80/kama/2#part', 'http://insurers.test/kama/2'],
  ])('follows %s', (link, address) => {
    expect(follow(link)).toBe(address);
  });

  test.each([
    'http://elsewhere.test/kama/2',
    'https://insurers.test/kama/2',
    'http://insurers.test:8080/kama/2',
    'http://insurers.test.elsewhere.test/kama/2',
    'http://user@insurers.test/kama/2',
    'http://:word@insurers.test/kama/2',
    'http://insurers.test@elsewhere.test/kama/2',
    '//elsewhere.test/kama/2',
    '\\\\elsewhere.test\\kama\\2',
    '/volga/api/v1/tarify',
    '/kama2/list',
    '/kama',
    '/',
    '../../volga/2',
    '/kama/../volga/2',
    '/kama/%2e%2e/volga/2',
    'file:///kama/2',
    'data:application/json,{}',
  ])('refuses %s, which leads elsewhere', (link) => {
    expect(() => follow(link)).toThrow("leads outside of the insurer's base URL");
  });

  test('keeps to the host where the base URL has no path', () => {
    expect(follow('/any/2', 'http://insurers.test')).toBe('http://insurers.test/any/2');
    expect(() => follow('http://insurers.test@elsewhere.test/', 'http://insurers.test')).toThrow('leads outside');
  });

  test.each(['http://', 'http://[', 'http://a b/'])('refuses %s, which is no address', (link) => {
    expect(() => follow(link)).toThrow('the link to the next page is no address');
  });
});
