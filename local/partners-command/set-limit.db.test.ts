import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStand, type Stand } from './stand.testing.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createStand();
});
beforeEach(() => stand.reset());
afterAll(() => stand[Symbol.asyncDispose]());

const limits = async () => (await stand.terms()).map(({ limitPerSecond }) => limitPerSecond);

describe('limit', () => {
  test('R7 is set in all regions and nothing else of the terms is, and says when it is in force', async () => {
    const [before] = await stand.terms();
    const { code, lines } = await stand.run('limit alfa 40');
    expect([code, lines]).toEqual([
      0,
      [
        'region  limit  asked  outcome',
        'msk        20     40  set',
        'nsk        20     40  set',
        'In force at the edges of msk and nsk within 30 s.',
      ],
    ]);
    expect(await stand.terms()).toEqual(Array(2).fill({ ...before, limitPerSecond: 40 }));
  });

  test('is set only in the regions that are named', async () => {
    expect((await stand.run('limit alfa 5 --region nsk')).lines.at(-1)).toBe(
      'In force at the edges of nsk within 30 s.',
    );
    expect(await limits()).toEqual([20, 5]);
  });

  test('a region that is down keeps no other from it: which was not reached is said, with 1', async () => {
    await stand.msk.goDown();
    const { code, lines } = await stand.run('limit alfa 40');
    expect([code, await limits()]).toEqual([1, [20, 40]]);
    expect(lines.slice(1)).toEqual([
      'nsk        20     40  set',
      `msk                   not set: Nothing answers at ${stand.msk.api.url}`,
      'In force at the edges of nsk within 30 s.',
    ]);
  });

  test('a region that does not say what it did is not known to have done it', async () => {
    stand.msk.failChanges(503);
    const { code, lines } = await stand.run('limit alfa 40');
    expect([code, lines[1]]).toEqual([1, `msk        20     40  not known: ${stand.msk.api.url} answered 503`]);
  });

  test('a region that does not answer in time is said', async () => {
    const deadline = () => AbortSignal.abort(new Error('No answer within 10 s'));
    await expect(stand.run('limit alfa 40', { deadline })).rejects.toThrow(
      /^msk: No answer within 10 s\nnsk: No answer within 10 s$/,
    );
    expect(await limits()).toEqual([20, 20]);
  });

  test('a partner that nobody knows is refused, and none is made', async () => {
    await expect(stand.run('limit gamma 40')).rejects.toThrow(
      'msk: Partner "gamma" was not found\nnsk: Partner "gamma" was not found',
    );
    expect((await stand.terms()).length).toBe(2);
  });
});
