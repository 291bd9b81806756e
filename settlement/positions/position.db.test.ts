import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../testing.ts';
import type { Position } from './place-event.ts';
import { lockPosition, movePosition } from './position.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

const stream = { region: 'msk', topic: 'policies.v1', partition: 0 };
const at = (sequence: number): Position => ({ epoch: 1, sequence, unplaced: 0, stop: null });
const NOW = new Date('2026-11-22T10:00:05.000Z');
const LATER = new Date('2026-11-22T10:00:06.000Z');
const current = () => room.ctx.sql.begin((tx) => lockPosition(tx, stream));

test('S3.2 movePosition refuses a position that is not the current one any more, and moves nothing', async () => {
  const start = await current();
  await room.ctx.sql.begin((tx) => movePosition(tx, stream, { from: start, to: at(5), at: NOW }));
  const late = room.ctx.sql.begin((tx) => movePosition(tx, stream, { from: start, to: at(3), at: NOW }));
  await expect(late).rejects.toThrow('moved by another consumer');
  expect(await current()).toEqual(at(5));
});

test('S1 positions of two regions, topics or partitions are apart', async () => {
  for (const other of [{ region: 'nsk' }, { topic: 'other.v1' }, { partition: 1 }]) {
    const position = await room.ctx.sql.begin((tx) => lockPosition(tx, { ...stream, ...other }));
    expect(position).toEqual({ epoch: 0, sequence: 0, unplaced: 0, stop: null });
  }
});

test('S3.2 movePosition keeps a stop and its time until the partition goes on, and refuses who does not know of it', async () => {
  const stoppedAt = async () => {
    const [row] =
      await room.admin`select extract(epoch from stopped_at)::float8 * 1000 as ms from settlement.positions where topic = 'stopped.v1'`;
    return row?.['ms'];
  };
  const other = { ...stream, topic: 'stopped.v1' };
  const locked = () => room.ctx.sql.begin((tx) => lockPosition(tx, other));
  const move = (from: Position, to: Position, time: Date) =>
    room.ctx.sql.begin((tx) => movePosition(tx, other, { from, to, at: time }));
  const start = await locked();
  const stop = { reason: 'gap', sequence: 6 } as const;
  await move(start, { ...start, stop }, NOW);
  const stopped = await locked();
  expect(stopped).toEqual({ ...start, stop });
  await move(stopped, { ...stopped, unplaced: 1 }, LATER);
  expect(await stoppedAt()).toBe(NOW.getTime());
  await expect(move({ ...start, unplaced: 1 }, at(7), LATER)).rejects.toThrow('moved by another consumer');
  await move(await locked(), at(7), LATER);
  expect(await locked()).toEqual(at(7));
  expect(await stoppedAt()).toBeNull();
});
