import { beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '#contracts/partner.ts';
import { NOW, partner } from '../core.testing.ts';
import { createPartnerDirectory, type PartnerDirectory } from './partner-directory.ts';

let at: number;
let loads: string[];
let load: (id: string) => Promise<Partner | undefined>;
let directory: PartnerDirectory;
beforeEach(() => {
  at = Date.parse(NOW);
  loads = [];
  load = async (id) => (id === 'unknown' ? undefined : partner(id));
  directory = createPartnerDirectory({
    load: (id) => {
      loads.push(id);
      return load(id);
    },
    now: () => new Date(at),
  });
});
const rateOf = async (id: string) => (await directory.find(id))?.commissionRateBps;
const setRate = (commissionRateBps: number) => {
  load = async (id) => partner(id, { commissionRateBps });
};
const away = () => {
  load = () => Promise.reject(new Error('away'));
};

describe('a directory of partners', () => {
  test('asks once for all who wait, and once a second', async () => {
    const answer = Promise.withResolvers<Partner>();
    load = () => answer.promise;
    const asked = [directory.find('alfa'), directory.find('alfa'), directory.find('alfa')];
    answer.resolve(partner('alfa'));
    expect(await Promise.all(asked)).toEqual([partner('alfa'), partner('alfa'), partner('alfa')]);
    at += 999;
    await directory.find('alfa');
    expect(loads).toEqual(['alfa']);
    at += 1;
    await directory.find('alfa');
    expect(loads).toEqual(['alfa', 'alfa']);
  });

  test('terms set elsewhere are in force within a second of being asked for, not of being told', async () => {
    expect(await rateOf('alfa')).toBe(500);
    setRate(900);
    at += 999;
    expect(await rateOf('alfa')).toBe(500);
    at += 1;
    expect(await rateOf('alfa')).toBe(900);
  });

  test('terms set here are in force at once, also when older ones are still on their way', async () => {
    const old = Promise.withResolvers<Partner>();
    load = () => old.promise;
    const before = directory.find('alfa');
    setRate(900);
    directory.forget('alfa');
    expect(await rateOf('alfa')).toBe(900);
    old.resolve(partner('alfa'));
    await before;
    expect(await rateOf('alfa')).toBe(900);
  });

  test('an unknown one is asked for each time, and known from the moment it is set anywhere', async () => {
    expect(await directory.find('unknown')).toBeUndefined();
    expect(await directory.find('unknown')).toBeUndefined();
    expect(loads).toEqual(['unknown', 'unknown']);
    setRate(700);
    expect(await rateOf('unknown')).toBe(700);
  });

  test('one that is removed is gone within a second, also when the database goes away then', async () => {
    await directory.find('alfa');
    load = async () => undefined;
    at += 1_000;
    expect(await directory.find('alfa')).toBeUndefined();
    away();
    await expect(directory.find('alfa')).rejects.toThrow('away');
  });

  test('R2 without the database what is known serves for 30 s, asked for anew each second, and no longer', async () => {
    await directory.find('alfa');
    away();
    at += 29_000;
    expect(await rateOf('alfa')).toBe(500);
    at += 999;
    expect(await rateOf('alfa')).toBe(500);
    expect(loads).toHaveLength(2);
    at += 1;
    await expect(directory.find('alfa')).rejects.toThrow('away');
    setRate(900);
    expect(await rateOf('alfa')).toBe(900);
  });

  test('a clock that is set back makes nothing live longer', async () => {
    await directory.find('alfa');
    setRate(900);
    at -= 3_600_000;
    expect(await rateOf('alfa')).toBe(900);
  });

  test('remembers 10,000 partners and no more', async () => {
    for (let n = 0; n <= 10_000; n += 1) await directory.find(`p${n}`);
    loads.length = 0;
    await directory.find('p10000');
    await directory.find('p1');
    expect(loads).toEqual([]);
    await directory.find('p0');
    expect(loads).toEqual(['p0']);
  });
});
