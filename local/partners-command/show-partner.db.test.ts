import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createStand, FIRST_DIGEST, type Stand } from './stand.testing.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createStand();
});
beforeEach(() => stand.reset());
afterAll(() => stand[Symbol.asyncDispose]());

const first = FIRST_DIGEST.slice(0, 8);

test('show is a row for each region', async () => {
  await stand.nsk.set({ limitShares: { nsk: 50, msk: 50 } });
  const { code, lines } = await stand.run('show alfa');
  expect([code, lines]).toEqual([
    0,
    [
      'region  limit  share %  commission %  keys  SHA-256 begins with',
      `msk        20       50          5.00     1  ${first}`,
      `nsk        20       50          5.00     1  ${first}`,
    ],
  ]);
});

test('show says in what the regions differ, and ends with 1', async () => {
  await stand.msk.set({ limitShares: undefined, keyDigests: [] });
  await stand.nsk.set({ limitShares: { msk: 100 }, limitPerSecond: 1_000 });
  const { code, lines } = await stand.run('show alfa');
  expect([code, lines.slice(1)]).toEqual([
    1,
    [
      'msk        20  default          5.00     0  none',
      `nsk      1000        0          5.00     1  ${first}`,
      'The regions differ in limit: msk 20, nsk 1000.',
      'The regions differ in shares: msk default, nsk msk=100.',
      `The regions differ in keys: msk none, nsk ${first}.`,
    ],
  ]);
});

test('show says which region cannot say, and ends with 1', async () => {
  await stand.msk.goDown();
  const { code, lines } = await stand.run('show alfa');
  expect([code, lines.length, lines.at(-1)]).toEqual([1, 3, `msk: Nothing answers at ${stand.msk.api.url}`]);
});
