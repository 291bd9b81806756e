import { describe, expect, it } from 'vitest';
import { targetsOf } from './targets.ts';

const OPTIONS = { seconds: 60, seed: 1 };
const DEMO = {
  regions: [
    {
      name: 'msk',
      edge: 'http://e',
      edgeMetrics: 'http://m',
      core: 'http://c',
      settlement: 'http://s',
      aggregator: 'http://a',
    },
  ],
  keys: { site: 'ik_site', alfa: 'ik_alfa', beta: 'ik_beta', operator: 'token' },
  insurers: 'http://i',
};

describe('targetsOf', () => {
  it('is every API of the first region, each with its key and without, and sells before it looks into registers', () => {
    const targets = targetsOf(OPTIONS, DEMO).map(({ api, caller, key }) => [api, caller, key]);
    expect(targets).toEqual([
      ['edge', 'partner', 'ik_site'],
      ['edge', 'nobody', undefined],
      ['settlement', 'operator', 'token'],
      ['core', 'operator', 'token'],
      ['aggregator', 'operator', 'token'],
      ['settlement', 'nobody', undefined],
      ['core', 'nobody', undefined],
      ['aggregator', 'nobody', undefined],
    ]);
  });

  it('is the edge that was named alone, with a key if there is one', () => {
    const named = { ...OPTIONS, url: 'http://x' };
    expect(targetsOf(named, undefined).map(({ url, caller }) => [url, caller])).toEqual([['http://x', 'nobody']]);
    expect(targetsOf({ ...named, key: 'ik_y' }, undefined).map(({ caller, key }) => [caller, key])).toEqual([
      ['partner', 'ik_y'],
      ['nobody', undefined],
    ]);
  });

  it('is nothing where nothing runs', () => {
    expect(() => targetsOf(OPTIONS, { ...DEMO, regions: [] })).toThrow('run npm start');
  });
});
