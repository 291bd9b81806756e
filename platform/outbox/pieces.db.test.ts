import type { Sql } from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestOutbox, PIECE_IDS } from './pieces.testing.ts';

let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

const extend = async (ahead = 2, on: Sql = outbox.sql) => {
  const [row] = await on`select aggregator.outbox_extend(${ahead}) as made`;
  return row?.['made'];
};
const retire = async (on: Sql = outbox.sql) => {
  const [row] = await on`select aggregator.outbox_retire('1 day') as piece`;
  return row?.['piece'];
};
/** An old, sent piece of ids from 0 to a million, and the ids behind it under way. */
async function oldPiece(): Promise<void> {
  await outbox.append(outbox.sql, { days: 3 });
  await outbox.jumpTo(1);
  await outbox.append(outbox.sql);
  await outbox.acknowledge();
}
/** Opens a transaction on a connection of its own; ended by `end`. */
async function open() {
  const own = await outbox.sql.reserve();
  await own`begin`;
  const end = async (how: 'commit' | 'rollback') => {
    await own.unsafe(how);
    own.release();
  };
  return { own, end };
}

describe('outbox_extend', () => {
  test('S3.2 makes the pieces of the next millions, as often as it is asked, and each is indexed as the first', async () => {
    expect(await outbox.pieces()).toEqual([0, 1, 2]);
    expect([await extend(), await extend(4), await extend(4)]).toEqual([0, 2, 0]);
    await outbox.jumpTo(3);
    expect([await extend(), await outbox.pieces()]).toEqual([1, [0, 1, 2, 3, 4, 5]]);
    const indexes = await outbox.admin`
      select tablename, count(*)::int as n from pg_indexes where schemaname = 'aggregator' and tablename like 'outbox_from_%' group by 1`;
    expect(new Set(indexes.map((row) => row['n']))).toEqual(new Set([3]));
  });

  test('five replicas at once make each piece once, and none fails', async () => {
    await outbox.jumpTo(5);
    const made = await Promise.all(Array.from({ length: 5 }, () => extend()));
    expect(made.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(2);
    await extend();
    expect(await outbox.pieces()).toEqual([0, 1, 2, 6, 7]);
  });

  test('S3.2 an id without a piece is taken all the same; its million is passed over, the next ones are made', async () => {
    await outbox.jumpTo(8);
    await outbox.append(outbox.sql);
    await outbox.admin`insert into aggregator.outbox overriding system value
      select xid, ${9 * PIECE_IDS}, partition, key, event_id, aggregate_id, 2, type, occurred_at, traceparent, data
      from aggregator.outbox`;
    expect(await extend()).toBe(1);
    expect(await outbox.pieces()).toEqual([0, 1, 2, 10]);
    expect(await outbox.sql`select 1 from aggregator.outbox`).toHaveLength(2);
    await outbox.jumpTo(10);
    expect(await outbox.append(outbox.sql)).toBe(10 * PIECE_IDS);
  });

  test('a reader of long duration puts it off, and keeps nobody waiting', async () => {
    const { own, end } = await open();
    await own`select count(*) from aggregator.outbox`;
    expect(await extend(5, outbox.admin)).toBe(0);
    await outbox.append(outbox.sql);
    await end('commit');
    expect(await extend(5)).toBe(3);
  });
});

describe('outbox_retire', () => {
  test('drops a piece that is old and sent, notes from when on events are kept, and then has nothing to drop', async () => {
    await oldPiece();
    expect(await retire()).toBe('aggregator.outbox_from_0');
    expect(await retire()).toBeNull();
    expect(await outbox.pieces()).toEqual([1, 2]);
    const [row] = await outbox.sql`
      select below_id::int, now() - newest_at between '71 hours' and '73 hours' as told from aggregator.outbox_retired`;
    expect(row).toEqual({ below_id: PIECE_IDS, told: true });
  });

  test('keeps a piece that is young, also when only one event of it is, however early its id', async () => {
    await outbox.append(outbox.sql);
    await outbox.admin`
      insert into aggregator.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      select 0, 'k', gen_random_uuid(), 'a', 1, 't', now() - interval '3 days', '{}' from generate_series(1, 1100)`;
    await outbox.jumpTo(1);
    await outbox.acknowledge();
    expect(await retire()).toBeNull();
  });

  test('keeps a piece of which ids are still to be taken', async () => {
    await outbox.append(outbox.sql, { days: 3 });
    await outbox.acknowledge();
    expect(await retire()).toBeNull();
  });

  test('S3.2 keeps a piece with a row that a partition has not sent, or whose partition has no cursor', async () => {
    await outbox.append(outbox.sql, { days: 3, partition: 0 });
    await outbox.append(outbox.sql, { days: 3, partition: 3 });
    await outbox.jumpTo(1);
    await outbox.acknowledge(0);
    expect(await retire()).toBeNull();
    await outbox.sql`insert into aggregator.outbox_cursor (partition, epoch) values (3, 1)`;
    expect(await retire()).toBeNull();
    await outbox.acknowledge(3);
    expect(await retire()).toBe('aggregator.outbox_from_0');
  });

  test('S3.2 of a window under way it keeps what stands behind the last row sent, and no more', async () => {
    const first = await outbox.append(outbox.sql, { days: 3 });
    const second = await outbox.append(outbox.sql, { days: 3 });
    await outbox.jumpTo(1);
    const stand = (lastId: number) => outbox.sql`
      insert into aggregator.outbox_cursor (partition, epoch, win, last_id) values (0, 1, pg_current_snapshot(), ${lastId})
      on conflict (partition) do update set last_id = excluded.last_id`;
    await stand(first);
    expect(await retire()).toBeNull();
    await stand(second);
    expect(await retire()).toBe('aggregator.outbox_from_0');
  });

  test('S3.2 waits for no writer and makes none wait for long: while one is open it is put off, then what it wrote is kept', async () => {
    await oldPiece();
    const { own, end } = await open();
    await outbox.append(own);
    // As a role that has no limit of its own on locks.
    expect(await retire(outbox.admin)).toBeNull();
    await outbox.append(outbox.sql);
    await end('rollback');
    expect(await retire()).toBe('aggregator.outbox_from_0');
  });

  test('S3.2 looks again once it has the lock: what commits while it waits for it is kept', async () => {
    await oldPiece();
    const { own, end } = await open();
    await own`insert into aggregator.outbox (id, partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      overriding system value values (2, 0, 'k', gen_random_uuid(), 'a', 1, 't', now() - interval '3 days', '{}')`;
    const retiring = retire();
    const settled = retiring.then(() => true);
    const waits = () => outbox.admin`select from pg_locks l join pg_database d on d.oid = l.database
      where not l.granted and l.mode = 'AccessExclusiveLock' and d.datname = current_database()`;
    while (!(await Promise.race([settled, waits().then((locks) => locks.length > 0)])));
    await end('commit');
    expect(await retiring).toBeNull();
    expect(await outbox.pieces()).toEqual([0, 1, 2]);
  });

  test('drops in the order of ids: behind a piece that must stay, all stay', async () => {
    await outbox.append(outbox.sql, { days: 3, partition: 1 });
    await outbox.jumpTo(1);
    await outbox.append(outbox.sql, { days: 3 });
    await outbox.jumpTo(2);
    await outbox.acknowledge();
    expect([await retire(), await outbox.pieces()]).toEqual([null, [0, 1, 2]]);
    await outbox.acknowledge(1);
    expect([await retire(), await retire(), await retire()]).toEqual([
      'aggregator.outbox_from_0',
      'aggregator.outbox_from_1000000',
      null,
    ]);
  });

  test('S3.2 a transaction that took its id before the piece went is sent all the same: its row is a stray', async () => {
    await oldPiece();
    const { own, end } = await open();
    await own`select pg_current_xact_id()`;
    const id = 999_999;
    expect(await retire()).toBe('aggregator.outbox_from_0');
    await own`insert into aggregator.outbox (id, partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      overriding system value values (${id}, 0, 'k', gen_random_uuid(), 'a', 1, 't', now(), '{}')`;
    await end('commit');
    const unsent = await outbox.sql`select o.id::int, o.tableoid::regclass::text as piece
      from aggregator.outbox o join aggregator.outbox_cursor c using (partition)
      where not pg_visible_in_snapshot(o.xid, c.done)`;
    expect([...unsent]).toEqual([{ id, piece: 'outbox_strays' }]);
  });

  test('is refused in a transaction that does not see what came meanwhile', async () => {
    await oldPiece();
    const old = outbox.sql.begin('isolation level repeatable read', (tx) => retire(tx as unknown as Sql));
    await expect(old).rejects.toThrow('read committed transaction only');
  });
});

describe('S3.2 a transaction open for a day commits an event that is old already', () => {
  /** What is not to be done: the age of its rows alone decides about a piece. */
  const retireByClock = async () => {
    const [row] =
      await outbox.admin`select max(occurred_at) < now() - interval '1 day' as old from aggregator.outbox_from_0`;
    if (row?.['old']) await outbox.admin`drop table aggregator.outbox_from_0`;
  };
  async function commitLate(): Promise<void> {
    const { own, end } = await open();
    await outbox.append(own, { days: 2 });
    await oldPiece();
    await end('commit');
  }
  const unsent = () => outbox.sql`select from aggregator.outbox o join aggregator.outbox_cursor c using (partition)
    where not pg_visible_in_snapshot(o.xid, c.done)`;

  test('outbox_retire keeps it until it is sent', async () => {
    await commitLate();
    expect([await retire(), (await unsent()).length]).toEqual([null, 1]);
    await outbox.acknowledge();
    expect(await retire()).toBe('aggregator.outbox_from_0');
  });

  test('a retention by the clock loses it, so that this test can fail', async () => {
    await commitLate();
    await retireByClock();
    expect(await unsent()).toHaveLength(0);
  });
});

test("the service's role drops and makes no piece but through the functions, and no other role through them", async () => {
  for (const statement of [
    'drop table aggregator.outbox_from_0',
    'alter table aggregator.outbox detach partition aggregator.outbox_from_0',
    'create table aggregator.outbox_more partition of aggregator.outbox for values from (9000000) to (9000001)',
  ])
    await expect(outbox.sql.unsafe(statement), statement).rejects.toThrow(/must be owner|permission denied/);
  const grants = await outbox.admin`
    select p.proname, r.rolname from pg_proc p cross join pg_roles r
    where p.proname like 'outbox\_%' and p.pronamespace = 'aggregator'::regnamespace
      and r.rolname in ('core', 'settlement', 'aggregator') and has_function_privilege(r.oid, p.oid, 'execute') order by 1`;
  expect(grants.map((row) => `${row['rolname']} ${row['proname']}`)).toEqual([
    'aggregator outbox_extend',
    'aggregator outbox_pieces',
    'aggregator outbox_retire',
  ]);
});
