import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventEnvelope } from '#contracts/events.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { moveCursors } from './cursor.ts';
import { openOutbox } from './outbox-session.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { readPages } from './read-page.ts';
import { readStatus } from './read-status.ts';
import { type ReplayFrom, replay } from './replay.ts';
import { runRelay } from './running.testing.ts';

const schema = 'aggregator';
let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

const again = (from: ReplayFrom, partitions?: readonly number[]) =>
  replay(outbox.sql, { schema, topic: TARIFFS, from, ...(partitions && { partitions }) });
const cursors = async () => {
  const { partitions } = await readStatus(outbox.sql, { schema, topic: TARIFFS });
  return partitions.map(({ epoch, sequence, backlog }) => `${epoch}/${sequence}+${backlog}`);
};

/** Sends what there is as a relay that ends then. */
async function sendAll(count: number): Promise<EventEnvelope[]> {
  await using sending = await runRelay(outbox.sql);
  await sending.until(count);
  await sending[Symbol.asyncDispose]();
  return sending.received;
}

const place = ({ epoch, sequence }: EventEnvelope) => `${epoch}/${sequence}`;

/** The cursors as when no transaction of the cluster is open: what one may still write is sent again from there on. */
const nothingIsOpen = () => outbox.sql`
  update aggregator.outbox_progress c set done = (o.last + 1 || ':' || o.last + 1 || ':')::pg_snapshot
  from (select max(xid)::text::bigint as last from aggregator.outbox) o`;

describe('replay', () => {
  test('S3.2 from the beginning, from an instant, from an event: all from there on, under their old numbers', async () => {
    const ids = Array.from({ length: 6 }, () => randomUUID());
    for (const [n, eventId] of ids.entries()) await outbox.append(outbox.sql, { eventId, days: 6 - n });
    await sendAll(6);
    expect(await cursors()).toEqual(['1/6+0', '1/0+0', '1/0+0', '1/0+0']);
    await nothingIsOpen();
    const noon = new Date(Date.now() - 2.5 * 86_400_000);
    for (const [from, first] of [
      ['beginning', 0],
      [{ at: noon }, 4],
      [{ eventId: ids[3] ?? '' }, 3],
    ] as const) {
      const told = await again(from);
      expect(told).toEqual({ events: 6 - first, partitions: [{ partition: 0, events: 6 - first }], keptAfter: null });
      const sent = await sendAll(6 - first);
      await nothingIsOpen();
      expect(sent.map((event) => event.eventId)).toEqual(ids.slice(first));
      expect(sent.map((event) => event.sequence)).toEqual(ids.map((_, n) => n + 1).slice(first));
    }
  });

  test('S3.2 ends the run of a relay that has nothing to send: it takes the partitions again, with a higher epoch', async () => {
    await outbox.append(outbox.sql);
    await outbox.append(outbox.sql, { partition: 2 });
    await using running = await runRelay(outbox.sql);
    await running.until(2);
    expect(await again('beginning', [2])).toMatchObject({ events: 1, partitions: [{ partition: 2, events: 1 }] });
    await running.until(3);
    expect(running.received.map(place)).toEqual(['1/1', '1/1', '3/1']);
    expect(running.errors.length).toBeGreaterThan(0);
  });

  test('S3.2 a page that was under way when it came does not move the cursor on', async () => {
    for (let n = 0; n < 3; n += 1) await outbox.append(outbox.sql);
    await sendAll(3);
    await outbox.append(outbox.sql);
    await using session = openOutbox(outbox.sql, { schema, region: 'msk' });
    const [cursor] = await session.claim([0]);
    if (!cursor) throw new Error('Partition 0 was not claimed');
    const [page] = await session.read([cursor], 500);
    expect(await again('beginning', [0])).toMatchObject({ events: 3 });
    const moved = await moveCursors(outbox.sql, [page?.after ?? cursor], { schema });
    expect(moved.size).toBe(0);
    expect((await cursors())[0]).toBe('3/0+4');
  });

  test('S3.2 what was still to be sent is sent, also of a transaction older than the point', async () => {
    const late = await outbox.sql.reserve();
    await late`begin`;
    const lateId = randomUUID();
    await outbox.append(late, { eventId: lateId });
    const ids = [randomUUID(), randomUUID()];
    for (const eventId of ids) await outbox.append(outbox.sql, { eventId });
    await sendAll(2);
    await late`commit`;
    late.release();
    expect(await again({ eventId: ids[1] ?? '' })).toMatchObject({ events: 2 });
    const sent = await sendAll(3);
    expect(sent.map((event) => event.eventId)).toEqual([lateId, ...ids]);
    expect(sent.map((event) => event.sequence)).toEqual([1, 2, 3]);
  });

  test('S3.2 in a window under way only what it has sent counts as sent', async () => {
    for (let n = 0; n < 5; n += 1) await outbox.append(outbox.sql);
    const start = { partition: 0, epoch: 1, sequence: 0, done: '1:1:', win: null, lastId: '0' };
    const [page] = await readPages(outbox.sql, [start], { schema, region: 'msk', limit: 3 });
    const after = page?.after;
    await outbox.sql`insert into aggregator.outbox_cursor (partition, epoch, sequence, win, last_id)
      values (0, 1, 3, ${after?.win ?? null}::pg_snapshot, ${after?.lastId ?? '0'})`;
    expect((await cursors())[0]).toBe('1/3+2');
    expect(await again('beginning')).toMatchObject({ events: 3 });
    expect((await cursors())[0]).toBe('2/0+5');
  });

  test('leaves a partition alone that has sent nothing from there on, and those that were not named', async () => {
    for (const partition of [0, 1]) await outbox.append(outbox.sql, { partition, days: 1 });
    await sendAll(2);
    expect(await again({ at: new Date() })).toEqual({ events: 0, partitions: [], keptAfter: null });
    expect(await again('beginning', [1])).toMatchObject({ events: 1 });
    expect(await cursors()).toEqual(['1/1+0', '2/0+1', '1/0+0', '1/0+0']);
  });
});

describe('replay of what is not kept', () => {
  const gone = randomUUID();
  /** One event in a piece that went, one that is kept. */
  async function retired(): Promise<string> {
    await outbox.append(outbox.sql, { days: 3, eventId: gone });
    await outbox.jumpTo(1);
    await outbox.append(outbox.sql);
    await sendAll(2);
    await outbox.sql`select aggregator.outbox_retire('1 day')`;
    const [row] = await outbox.admin`select newest_at from aggregator.outbox_retired`;
    return row?.['newest_at'].toISOString();
  }

  test('is refused with a sentence that says from when on events are kept, and nothing is moved', async () => {
    const keptAfter = await retired();
    const before = await cursors();
    const kept = `events up to ${keptAfter} are not kept any more; "beginning" sends all that are`;
    await expect(again({ at: new Date(keptAfter) })).rejects.toThrow(
      `The request is not valid: from: ${keptAfter} is too early: ${kept}`,
    );
    await expect(again({ eventId: gone })).rejects.toThrow(
      `The request is not valid: from: no event with the id ${gone} is in the outbox; ${kept}`,
    );
    expect(await cursors()).toEqual(before);
  });

  test('from the beginning sends what is kept, says so, and its numbers show a hole to who has seen less', async () => {
    const keptAfter = await retired();
    expect(await again('beginning')).toEqual({ events: 1, partitions: [{ partition: 0, events: 1 }], keptAfter });
    expect((await sendAll(1)).map((event) => event.sequence)).toEqual([2]);
  });

  test('is refused for an event that never was', async () => {
    const eventId = randomUUID();
    await expect(again({ eventId })).rejects.toThrow(`no event with the id ${eventId} is in the outbox`);
  });

  test('S3.2 keeps what it counts: a piece does not go while it is under way', async () => {
    await outbox.append(outbox.sql, { days: 3 });
    await outbox.jumpTo(1);
    await outbox.append(outbox.sql);
    await sendAll(2);
    const retiring: unknown[] = [];
    const spied = new Proxy(outbox.sql, {
      get: (on, name) =>
        name !== 'begin'
          ? Reflect.get(on, name)
          : (work: (tx: Sql) => Promise<unknown>) =>
              on.begin(async (tx) => {
                const done = await work(tx as unknown as Sql);
                retiring.push(...(await outbox.admin`select aggregator.outbox_retire('1 day') as piece`));
                return done;
              }),
    });
    await replay(spied, { schema, topic: TARIFFS, from: 'beginning' });
    retiring.push(...(await outbox.admin`select aggregator.outbox_retire('1 day') as piece`));
    expect(retiring).toEqual([{ piece: null }, { piece: null }]);
    expect(await sendAll(2)).toHaveLength(2);
  });
});
