import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStand, type Stand } from './stand.testing.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createStand();
});
beforeEach(() => stand.reset());
afterAll(() => stand[Symbol.asyncDispose]());

const shares = async () => (await stand.terms()).map(({ limitShares }) => limitShares);
const HALVES = { msk: 50, nsk: 50 };
const ASKED = { msk: 20, nsk: 80 };

describe('share', () => {
  test.each([
    ['msk=20 nsk=80', { msk: 20, nsk: 80 }, 'msk', 'nsk'],
    ['msk=80 nsk=20', { msk: 80, nsk: 20 }, 'nsk', 'msk'],
    ['nsk=100', { nsk: 100 }, 'msk', 'nsk'],
  ])(
    'D6 %s is set where it falls, waited for, and only then set where it rises',
    async (words, asked, falls, rises) => {
      const seen: unknown[] = [];
      const during = async () => seen.push(await shares());
      const { code, lines, notes, said, waits } = await stand.run(`share alfa ${words}`, { during });
      expect(seen).toEqual([falls === 'msk' ? [asked, HALVES] : [HALVES, asked]]);
      expect([code, waits, await shares()]).toEqual([0, [30_000], [asked, asked]]);
      expect(lines.map((line) => line.split(/ +/)[0])).toEqual(['region', falls, rises, 'In']);
      expect(lines.at(-1)).toBe(`In force at the edges of ${falls} and ${rises} within 30 s.`);
      expect(notes).toEqual([`Set in ${falls}. In ${rises} once that is in force, in 30 s.`]);
      expect(said).toEqual(['waiting until lower shares are in force at the edges ... 30 s']);
    },
  );

  test('says what each region had and has', async () => {
    expect((await stand.run('share alfa msk=20 nsk=80')).lines).toEqual([
      'region  share %  asked  outcome',
      'msk          50     20  set',
      'nsk          50     80  set',
      'In force at the edges of msk and nsk within 30 s.',
    ]);
  });

  test('changes nothing of the other terms, and nothing at all where all is as asked', async () => {
    await stand.nsk.set({ limitPerSecond: 33, limitShares: ASKED });
    const [before] = await stand.terms();
    await stand.run('share alfa msk=20 nsk=80');
    expect(await stand.msk.terms()).toEqual({ ...before, limitShares: ASKED });
    const { code, lines, waits } = await stand.run('share alfa msk=20 nsk=80');
    expect([code, waits]).toEqual([0, []]);
    expect(lines.slice(1)).toEqual(['msk          20     20  as it was', 'nsk          80     80  as it was']);
    expect((await stand.nsk.terms()).limitPerSecond).toBe(33);
  });

  test('only lowers without waiting', async () => {
    expect(await stand.run('share alfa msk=10 nsk=20')).toMatchObject({ code: 0, waits: [] });
    expect(await shares()).toEqual(Array(2).fill({ msk: 10, nsk: 20 }));
  });

  test('D6 waits before it raises what an earlier move left lowered: when that was nobody knows', async () => {
    await stand.msk.set({ limitShares: ASKED });
    expect(await stand.run('share alfa msk=20 nsk=80')).toMatchObject({ code: 0, waits: [30_000] });
  });

  test('D6 counts from what the edges are configured with where the terms do not say', async () => {
    for (const region of [stand.msk, stand.nsk]) await region.set({ limitShares: undefined });
    const seen: unknown[] = [];
    const { lines } = await stand.run('share alfa msk=80 nsk=20', { during: async () => seen.push(await shares()) });
    expect(seen).toEqual([[undefined, { msk: 80, nsk: 20 }]]);
    expect(lines[1]).toBe('nsk     default     20  set');
  });

  test('D6 waits first where nobody knows what the share was, as with a single core', async () => {
    await stand.nsk.set({ limitShares: undefined });
    const { defaultShare: _, ...api } = stand.nsk.api;
    const { code, waits, notes } = await stand.run('share alfa msk=90 nsk=10', { regions: [api], known: undefined });
    expect([code, waits]).toEqual([0, [30_000]]);
    expect(notes).toEqual(['Not asked: any other region. If edges run there, all together may exceed the limit.']);
    expect(await shares()).toEqual([HALVES, { msk: 90, nsk: 10 }]);
  });
});

describe('share refuses, and changes nothing:', () => {
  test('a region that does not run here', async () => {
    await expect(stand.run('share alfa msk=20 ekb=80')).rejects.toThrow(
      'SHARE names ekb but must name regions that run here: msk, nsk.',
    );
    expect(await shares()).toEqual([HALVES, HALVES]);
  });

  test('--no-wait while no region is gone', async () => {
    for (const line of ['share alfa msk=20 nsk=80 --no-wait', 'share alfa nsk=9 --no-wait --region msk --region nsk'])
      await expect(stand.run(line)).rejects.toThrow('--no-wait is for when a region is gone: --region must name those');
    expect(await shares()).toEqual([HALVES, HALVES]);
  });

  test('a region that cannot be reached, by its name and with what to do', async () => {
    await stand.nsk.goDown();
    await expect(stand.run('share alfa msk=20 nsk=80')).rejects.toThrow(
      `Nothing was changed, because not every region can say:\n  nsk: Nothing answers at ${stand.nsk.api.url}\n--region names`,
    );
    expect((await stand.msk.terms()).limitShares).toEqual(HALVES);
  });

  test('a partner that one region does not know', async () => {
    await stand.nsk.forget();
    await expect(stand.run('share alfa msk=20 nsk=80')).rejects.toThrow('nsk: Partner "alfa" was not found');
    expect((await stand.msk.terms()).limitShares).toEqual(HALVES);
  });
});

describe('share that cannot come to its end says what it did, ends with 1, and stays under the limit:', () => {
  test('D6 nothing rises when it is not known that the rest has fallen', async () => {
    stand.msk.failChanges(503);
    const { code, lines, waits } = await stand.run('share alfa msk=20 nsk=80');
    expect([code, waits, await shares()]).toEqual([1, [], [HALVES, HALVES]]);
    expect(lines.slice(1)).toEqual([
      `msk          50     20  not known: ${stand.msk.api.url} answered 503`,
      'nsk          50         not set: not every share that falls is known to have fallen',
      'Nothing was changed, as far as is known.',
    ]);
  });

  test('a region that goes away while it waits', async () => {
    const { code, lines } = await stand.run('share alfa msk=20 nsk=80', { during: () => stand.nsk.goDown() });
    expect([code, await shares()]).toEqual([1, [ASKED, HALVES]]);
    expect(lines.slice(1)).toEqual([
      'msk          50     20  set',
      `nsk          50     80  not set: Nothing answers at ${stand.nsk.api.url}`,
      'In force at the edges of msk within 30 s.',
    ]);
  });

  test('an interruption while it waits', async () => {
    const { code, lines } = await stand.run('share alfa msk=20 nsk=80', { during: (stop) => stop() });
    expect([code, await shares()]).toEqual([1, [ASKED, HALVES]]);
    expect(lines[2]).toBe('nsk          50         not set: stopped by SIGINT');
  });

  test('terms that another operator changes while it waits are left to him', async () => {
    const during = () => stand.nsk.set({ limitPerSecond: 5 });
    const { code, lines } = await stand.run('share alfa msk=20 nsk=80', { during });
    expect(code).toBe(1);
    expect(lines[2]).toContain('not set: somebody else changed it meanwhile: look at it, and try again');
    expect(await stand.nsk.terms()).toMatchObject({ limitPerSecond: 5, limitShares: HALVES });
  });
});

test('D6 failover: what is left takes the share of a region that is gone at once, and is told what that means', async () => {
  await stand.msk.goDown();
  const { code, waits, notes } = await stand.run('share alfa msk=0 nsk=100 --region nsk --no-wait');
  expect([code, waits, await shares()]).toEqual([0, [], [HALVES, { msk: 0, nsk: 100 }]]);
  expect(notes).toEqual(['Not asked: msk. If edges run there, all together may exceed the limit.']);
});
