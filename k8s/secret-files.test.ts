import { describe, expect, it } from 'vitest';
import { parseNodeConfig } from '../edge/config.ts';
import { secretFiles, UNKNOWN } from './secret-files.ts';

const numbered = () => {
  let count = 0;
  return () => `secret-${++count}`.padEnd(43, '0');
};
const valuesOf = (text = '') =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );

describe('secretFiles', () => {
  it('gives each party of its own what it shares with nobody, and no two roles one password', () => {
    const made: string[] = [];
    const next = numbered();
    const files = secretFiles(() => {
      made.push(next());
      return made.at(-1) as string;
    });
    const holders = (secret: string) => Object.keys(files).filter((name) => files[name]?.includes(secret));
    expect(made.map(holders).map((names) => names.sort().join(' '))).toEqual([
      'migrations.env provisioner.env',
      'core-app.env migrations.env',
      'ins-comp-settlement.env migrations.env',
      'ins-product-aggregator.env migrations.env',
      'core-app.env edge.env',
      'core-app.env ins-comp-settlement.env ins-product-aggregator.env',
      'core-app.env',
    ]);
  });

  it('an edge whose store nobody has filled in does not start, and says which variable it is', () => {
    const given = {
      ...valuesOf(secretFiles(numbered())['edge.env']),
      REGION: 'msk',
      PORT: '8080',
      CORE_URL: 'http://core-app:8080',
    };
    expect(given).toMatchObject({ UPSTASH_REDIS_REST_URL: UNKNOWN });
    expect(() => parseNodeConfig(given)).toThrow(
      'UPSTASH_REDIS_REST_URL is "replace-me" but must be an http or https URL',
    );
  });
});
