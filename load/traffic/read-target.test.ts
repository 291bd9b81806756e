import { expect, test } from 'vitest';
import { type DemoPlaces, readTarget } from './read-target.ts';
import type { Caller } from './scenarios.ts';
import { SettingError } from './setting-error.ts';

const KEYS = { site: 'ik_site_1', alfa: 'ik_alfa_1', beta: 'ik_beta_1' };
const DEMO: DemoPlaces = {
  regions: [
    { name: 'msk', edge: 'http://127.0.0.1:8787' },
    { name: 'nsk', edge: 'http://127.0.0.1:8797' },
  ],
  keys: KEYS,
};
const ALL: readonly Caller[] = ['site', 'alfa', 'beta'];
const missing = (): DemoPlaces => {
  throw new Error('no such file');
};
const read = (env: Record<string, string>, callers = ALL, readDemo = () => DEMO) =>
  readTarget(env, { callers, readDemo });

test('without BASE_URL readTarget takes all regions of a running npm start, with its keys', () => {
  expect(read({ SITE_KEY: 'ik_other' })).toEqual({
    places: [
      { region: 'msk', url: 'http://127.0.0.1:8787' },
      { region: 'nsk', url: 'http://127.0.0.1:8797' },
    ],
    keys: KEYS,
  });
});

test('with BASE_URL it takes that address, whose region nobody knows, and the keys of those who ask', () => {
  const env = { BASE_URL: 'https://edge.example:8443/insurance/', SITE_KEY: 'ik_site_2' };
  expect(read(env, ['site'], missing)).toEqual({
    places: [{ url: 'https://edge.example:8443/insurance' }],
    keys: { site: 'ik_site_2' },
  });
});

test.each([
  [{ BASE_URL: 'http://a', SITE_KEY: 'k' }, 'ALFA_KEY and BETA_KEY must be set with BASE_URL'],
  [{ BASE_URL: 'http://a', SITE_KEY: 'k', ALFA_KEY: 'k', BETA_KEY: '' }, 'BETA_KEY must be set with BASE_URL'],
])('each missing key is named: %j', (env, sentence) => {
  expect(() => read(env)).toThrow(SettingError);
  expect(() => read(env)).toThrow(sentence);
});

test.each(['127.0.0.1:8787', 'ftp://a', 'http://', 'http://a?x=1', 'http://user@a', 'http://a b'])(
  'BASE_URL %j is refused',
  (url) => {
    expect(() => read({ BASE_URL: url, SITE_KEY: 'k' }, ['site'])).toThrow(
      `BASE_URL is "${url}" but must be an http or https address, such as http://127.0.0.1:8787`,
    );
  },
);

test('where nothing runs it says what to start', () => {
  expect(() => read({}, ALL, missing)).toThrow('run npm start in another terminal first, or set BASE_URL');
  expect(() => read({}, ALL, () => ({ ...DEMO, regions: [] }))).toThrow('No region runs here: run npm start again');
});
