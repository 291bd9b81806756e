import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PARTNER_KEY } from '#contracts/partner.ts';
import { createStand, FIRST_DIGEST, type Stand } from './stand.testing.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createStand();
});
beforeEach(() => stand.reset());
afterAll(() => stand[Symbol.asyncDispose]());

const digests = async () => (await stand.terms()).map(({ keyDigests }) => keyDigests);
const digestOf = (key: string | undefined) =>
  createHash('sha256')
    .update(key ?? '')
    .digest('hex');
const [FIRST, A, B] = [FIRST_DIGEST, 'a'.repeat(64), 'b'.repeat(64)];
const first = FIRST.slice(0, 8);

describe('rotate-key', () => {
  test('makes one key, prints it once, and puts its digest beside the live one in all regions', async () => {
    const { code, lines, notes } = await stand.run('rotate-key alfa');
    const keys = lines.filter((line) => PARTNER_KEY.test(line));
    expect([code, keys.length, notes]).toEqual([0, 1, []]);
    const digest = digestOf(keys[0]);
    expect(await digests()).toEqual(Array(2).fill([FIRST, digest]));
    expect(lines.slice(1, -1)).toEqual([
      `msk     ${first}  ${first} ${digest.slice(0, 8)}  set`,
      `nsk     ${first}  ${first} ${digest.slice(0, 8)}  set`,
      'In force at the edges of msk and nsk within 30 s.',
      '',
      `The new key of alfa. It is shown this once: only its SHA-256 is kept, ${digest}.`,
    ]);
    expect(PARTNER_KEY.exec(keys[0] ?? '')?.[1]).toBe('alfa');
  });

  test('makes another key each time, of 256 random bits', async () => {
    const asked: number[] = [];
    const randomBytes = (length: number) => Buffer.alloc(length, asked.push(length));
    const keys = [];
    for (const _ of [1, 2]) keys.push((await stand.run('rotate-key alfa --drop-oldest', { randomBytes })).lines.at(-1));
    expect(asked).toEqual([32, 32]);
    expect(keys).toEqual([1, 2].map((byte) => `ik_alfa_${Buffer.alloc(32, byte).toString('base64url')}`));
  });

  test('of two live keys drops the older, and only when it is told to', async () => {
    for (const region of [stand.msk, stand.nsk]) await region.set({ keyDigests: [A, B] });
    await expect(stand.run('rotate-key alfa')).rejects.toThrow(
      'Nothing was changed: alfa has 2 live keys already in msk and nsk. --drop-oldest ends the older, aaaaaaaa',
    );
    expect(await digests()).toEqual([
      [A, B],
      [A, B],
    ]);
    const { code, lines } = await stand.run('rotate-key alfa --drop-oldest');
    expect([code, await digests()]).toEqual([0, Array(2).fill([B, digestOf(lines.at(-1))])]);
  });

  test('refuses while the regions have different keys, or one cannot be reached, and changes nothing', async () => {
    await stand.nsk.set({ keyDigests: [A] });
    await expect(stand.run('rotate-key alfa')).rejects.toThrow(
      `Nothing was changed. The regions differ in keys: msk ${first}, nsk aaaaaaaa.\nMake them alike first`,
    );
    await stand.nsk.goDown();
    await expect(stand.run('rotate-key alfa')).rejects.toThrow('nsk: Nothing answers at');
    expect(await digests()).toEqual([[FIRST], [A]]);
  });

  test('a region that fails says how it gets the same key, and then has it', async () => {
    stand.nsk.failChanges(503);
    const { code, lines, notes } = await stand.run('rotate-key alfa');
    const digest = digestOf(lines.at(-1));
    expect([code, await digests()]).toEqual([1, [[FIRST, digest], [FIRST]]]);
    const [, command = ''] = /npm run partners -- (.*)$/.exec(notes.join('')) ?? [];
    expect(command).toBe(`rotate-key alfa --digest ${digest} --region nsk`);
    await stand.nsk.reset();
    const completed = await stand.run(command);
    expect([completed.code, completed.lines.join('\n').includes('ik_')]).toEqual([0, false]);
    expect(await digests()).toEqual(Array(2).fill([FIRST, digest]));
    expect((await stand.run(`rotate-key alfa --digest ${digest}`)).lines[1]).toMatch(/as it was$/);
  });

  test('a key that no region took is not shown', async () => {
    for (const region of [stand.msk, stand.nsk]) region.failChanges(412);
    const { code, lines, notes } = await stand.run('rotate-key alfa');
    expect([code, notes, await digests()]).toEqual([1, [], [[FIRST], [FIRST]]]);
    expect(lines.at(-1)).toBe('Nothing was changed, as far as is known.');
    expect(lines[1]).toContain('not set: somebody else changed it meanwhile');
  });
});

describe('revoke-key', () => {
  test('removes the key that begins so in all regions, also where only some have it', async () => {
    await stand.msk.set({ keyDigests: [A, B] });
    await stand.nsk.set({ keyDigests: [B] });
    const { code, lines, notes } = await stand.run('revoke-key alfa aaaaaaaa');
    expect([code, notes, await digests()]).toEqual([0, [], [[B], [B]]]);
    expect(lines.slice(1)).toEqual([
      'msk     aaaaaaaa bbbbbbbb  bbbbbbbb  set',
      'nsk              bbbbbbbb  bbbbbbbb  as it was',
      'In force at the edges of msk within 30 s.',
    ]);
  });

  test('warns when no key is left', async () => {
    const { code, notes } = await stand.run(`revoke-key alfa ${first}`);
    expect([code, await digests()]).toEqual([0, [[], []]]);
    expect(notes).toEqual(['No key of alfa is left in msk and nsk: every call in its name is refused there.']);
  });

  test('refuses digits of no key or of two, and changes nothing', async () => {
    const twin = `${'a'.repeat(63)}b`;
    for (const region of [stand.msk, stand.nsk]) await region.set({ keyDigests: [A, twin] });
    await expect(stand.run('revoke-key alfa cccccccc')).rejects.toThrow(
      'Nothing was changed: no live key begins with cccccccc. Live are aaaaaaaa, aaaaaaaa',
    );
    await expect(stand.run('revoke-key alfa aaaaaaaaa')).rejects.toThrow(
      'Nothing was changed: 2 live keys begin with aaaaaaaaa, give more digits',
    );
    expect(await digests()).toEqual(Array(2).fill([A, twin]));
    await stand.run(`revoke-key alfa ${twin}`);
    expect(await digests()).toEqual(Array(2).fill([A]));
  });

  test('a region that is down keeps no other from revoking: which was not reached is said, with 1', async () => {
    await stand.nsk.goDown();
    const { code, lines } = await stand.run(`revoke-key alfa ${first}`);
    expect([code, await digests()]).toEqual([1, [[], [FIRST]]]);
    expect(lines.slice(2)).toEqual([
      `nsk                      not set: Nothing answers at ${stand.nsk.api.url}`,
      'In force at the edges of msk within 30 s.',
    ]);
  });
});
