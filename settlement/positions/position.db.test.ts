import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../testing.ts';
import { lockPosition, movePosition } from './position.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

const stream = { region: 'msk', topic: 'policies.v1', partition: 0 };
const at = (sequence: number) => ({ epoch: 1, sequence, unplaced: 0 });
const current = () => room.ctx.sql.begin((tx) => lockPosition(tx, stream));

test('S3.2 movePosition refuses a position that is not the current one any more, and moves nothing', async () => {
  const start = await current();
  await room.ctx.sql.begin((tx) => movePosition(tx, stream, { from: start, to: at(5) }));
  const late = room.ctx.sql.begin((tx) => movePosition(tx, stream, { from: start, to: at(3) }));
  await expect(late).rejects.toThrow('moved by another consumer');
  expect(await current()).toEqual(at(5));
});

test('S1 positions of two regions, topics or partitions are apart', async () => {
  for (const other of [{ region: 'nsk' }, { topic: 'other.v1' }, { partition: 1 }]) {
    const position = await room.ctx.sql.begin((tx) => lockPosition(tx, { ...stream, ...other }));
    expect(position).toEqual({ epoch: 0, sequence: 0, unplaced: 0 });
  }
});
