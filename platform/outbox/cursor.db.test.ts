import { afterEach, beforeEach, expect, test } from 'vitest';
import { TARIFFS } from '#contracts/topics.ts';
import { beginLife } from '#platform/postgres/begin-life.testing.ts';
import { openSession } from '#platform/postgres/open-session.ts';
import { type Cursor, claimPartitions, forgetOldMoves, moveCursors } from './cursor.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { replay } from './replay.ts';

const schema = 'aggregator';
let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

const claim = async (on: ReturnType<typeof openSession>, partitions = [0]) => {
  const [cursor] = await claimPartitions(on.sql, { schema, partitions });
  return cursor as Cursor;
};
const move = (cursor: Cursor, sequence: number) => moveCursors(outbox.sql, [{ ...cursor, sequence }], { schema });
const moves = async () => (await outbox.sql`select from aggregator.outbox_progress`).length;

test('S3.2 a partition is taken again where its last owner had come, under the next epoch', async () => {
  const first = openSession(outbox.sql);
  const cursor = await claim(first);
  for (const sequence of [1, 2, 3]) await move(cursor, sequence);
  await first[Symbol.asyncDispose]();
  await using second = openSession(outbox.sql);
  expect(await claim(second)).toMatchObject({ epoch: 2, sequence: 3 });
});

test('S3.2 what a former owner notes after it was overtaken counts for nothing', async () => {
  const first = openSession(outbox.sql);
  const overtaken = await claim(first);
  await move(overtaken, 1);
  await first[Symbol.asyncDispose]();
  const second = openSession(outbox.sql);
  const owner = await claim(second);
  expect(await move(overtaken, 99)).toEqual(new Set());
  expect(await move(owner, 2)).toEqual(new Set([0]));
  await second[Symbol.asyncDispose]();
  await using third = openSession(outbox.sql);
  expect(await claim(third)).toMatchObject({ epoch: 3, sequence: 2 });
});

test('S3.2 a replay that comes while a partition is taken over is not undone by it', async () => {
  await outbox.append(outbox.sql);
  await outbox.acknowledge();
  await outbox.sql`update aggregator.outbox_cursor set sequence = 1`;
  const busy = await outbox.admin.reserve();
  await busy`begin`;
  await busy`select from aggregator.outbox_cursor where partition = 0 for update`;
  await using session = openSession(outbox.sql);
  // Its statement has seen the cursor as it was, and waits for the row.
  const claimed = claim(session);
  await expect
    .poll(() => outbox.admin`select from pg_locks where not granted`.then((waiting) => waiting.length))
    .toBeGreaterThan(0);
  await busy`update aggregator.outbox_cursor set epoch = 7, sequence = 0, done = '1:1:'`;
  await busy`commit`;
  busy.release();
  expect(await claimed).toBeUndefined();
  expect(await claim(session)).toMatchObject({ epoch: 8, sequence: 0, done: '1:1:' });
});

test('old moves are forgotten, what they led to is not; of partitions of their own each', async () => {
  await using session = openSession(outbox.sql);
  const zero = await claim(session);
  const one = await claim(session, [1]);
  for (const sequence of [1, 2, 3, 4]) await move(zero, sequence);
  await move(one, 9);
  await forgetOldMoves(outbox.sql, { schema });
  expect(await moves()).toBe(2);
  const rows = await outbox.sql`select partition, sequence::int as sequence from aggregator.outbox_position order by 1`;
  expect(rows.map(({ partition, sequence }) => [partition, sequence])).toEqual([
    [0, 4],
    [1, 9],
  ]);
  await replay(outbox.sql, { schema, topic: TARIFFS, from: 'beginning' });
  await forgetOldMoves(outbox.sql, { schema });
  expect(await moves()).toBeLessThanOrEqual(2);
});

test('no row is updated by a move, so that an old snapshot does not make the next one slower', async () => {
  await using session = openSession(outbox.sql);
  const cursor = await claim(session);
  const [before] = await outbox.sql`select ctid::text from aggregator.outbox_cursor where partition = 0`;
  for (const sequence of [1, 2, 3]) await move(cursor, sequence);
  const [after] = await outbox.sql`select ctid::text from aggregator.outbox_cursor where partition = 0`;
  expect(after).toEqual(before);
  expect(await moves()).toBe(3);
});

test('R2 S3.2 in a new life of the database a partition is taken where the last owner is known to have come, under an epoch above all that is lost', async () => {
  for (const _takeover of [1, 2, 3]) {
    await using owner = openSession(outbox.sql);
    await move(await claim(owner), 5);
  }
  await outbox.sql`delete from aggregator.outbox_progress where epoch > 1`;
  await outbox.sql`update aggregator.outbox_cursor set epoch = 1`;
  await beginLife(outbox.adminUrl, 2);
  await using first = openSession(outbox.sql);
  expect(await claim(first)).toMatchObject({ epoch: 10_002, sequence: 5 });
  await first[Symbol.asyncDispose]();
  await using second = openSession(outbox.sql);
  expect(await claim(second)).toMatchObject({ epoch: 10_003, sequence: 5 });
});
