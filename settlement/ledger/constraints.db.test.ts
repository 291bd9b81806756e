import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { batchOf, cancelled, createTestContext, issued, uuidOf } from '../testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

/** Writes a transaction with these sides by one statement, as the owner of the tables: code is not what holds it. */
function book(name: string, sides: readonly [string, number][], type = 'policy.issued.v1') {
  return room.admin`
    with made as (
      insert into settlement.ledger_transactions
        (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at)
      values (${uuidOf(name)}, ${type}, ${name}, 1, now(), now()) returning event_id
    )
    insert into settlement.ledger_postings (event_id, account, amount_minor)
    select event_id, account, amount from made, unnest(
      ${sides.map(([account]) => account)}::text[], ${sides.map(([, amount]) => amount)}::bigint[]) as s(account, amount)`;
}

const transactions = () => room.admin`select event_id from settlement.ledger_transactions`;

test('D9 the database takes a transaction that is zero in sum', async () => {
  await book('good', [
    ['a', 5],
    ['b', -3],
    ['c', -2],
  ]);
  expect(await transactions()).toHaveLength(1);
});

test.each<[string, [string, number][]]>([
  [
    'one kopeck off',
    [
      ['a', 5],
      ['b', -4],
    ],
  ],
  ['one side only', [['a', 5]]],
  [
    'a side of nothing',
    [
      ['a', 0],
      ['b', 0],
    ],
  ],
  ['no sides', []],
  [
    'off by what wraps around in 64 bits',
    [
      ['a', 2 ** 62],
      ['b', 2 ** 62],
      ['c', 2 ** 62],
      ['d', 2 ** 62],
    ],
  ],
])('D9 the database refuses a transaction with %s', async (_, sides) => {
  await expect(book('bad', sides)).rejects.toThrow();
  expect(await transactions()).toHaveLength(0);
});

test('D9 the database refuses to balance one transaction by another', async () => {
  await book('first', [
    ['a', 5],
    ['b', -5],
  ]);
  const both = room.admin`
    with made as (
      insert into settlement.ledger_transactions values
        (${uuidOf('x')}, 'test', 'x', 1, now(), now()), (${uuidOf('y')}, 'test', 'y', 1, now(), now())
      returning event_id
    )
    insert into settlement.ledger_postings
    select event_id, 'a', case when event_id = ${uuidOf('x')} then 5 else -5 end from made`;
  await expect(both).rejects.toThrow('not balanced');
  expect(await transactions()).toHaveLength(1);
});

test('D9 the database refuses to add sides to a transaction that is booked, balanced or not', async () => {
  await book('booked', [
    ['a', 5],
    ['b', -5],
  ]);
  const add = room.admin`
    insert into settlement.ledger_postings values (${uuidOf('booked')}, 'c', 1), (${uuidOf('booked')}, 'd', -1)`;
  await expect(add).rejects.toThrow('not balanced by its postings');
});

test.each(['policy.issued.v1', 'test'])(
  'D9 the database refuses a transaction of type %s without sides',
  async (type) => {
    await expect(book('bare', [], type)).rejects.toThrow('has no postings');
  },
);

test('D9 the database takes a cancellation without sides only beside a register line of nothing', async () => {
  await expect(book('bare', [], 'policy.cancelled.v1')).rejects.toThrow('its register line has an amount');
  const nothing = { commission: { rateBps: 0, amount: rub(0) }, refund: rub(0) };
  const partner = { id: 'alfa', commission: nothing.commission };
  await handleBatch(room.ctx, batchOf(issued(1, 1), cancelled(1, 2, { data: { ...nothing, partner } })));
  expect(await transactions()).toHaveLength(2);
  const lineOf = (premium: number) =>
    room.admin.begin(async (tx) => {
      await tx`insert into settlement.ledger_transactions values
      (${uuidOf('late')}, 'policy.cancelled.v1', 'late', 2, now(), now())`;
      await tx`insert into settlement.register_lines
      select (jsonb_populate_record(l, jsonb_build_object('event_id', ${uuidOf('late')}::text, 'premium_minor', ${premium}::int))).*
      from settlement.register_lines l where operation = 'cancelled'`;
    });
  await expect(lineOf(-1)).rejects.toThrow('its register line has an amount');
  await lineOf(0);
  expect(await transactions()).toHaveLength(3);
});

const booked = ['ledger_transactions', 'ledger_postings', 'register_lines'];

test.each(booked)('D9 the database refuses to change, remove or empty %s, also to its owner', async (table) => {
  await handleBatch(room.ctx, batchOf(issued(1, 1)));
  for (const statement of [
    `update settlement.${table} set event_id = event_id`,
    `delete from settlement.${table}`,
    `truncate settlement.${table} cascade`,
  ]) {
    await expect(room.admin.unsafe(statement)).rejects.toThrow('append-only');
  }
  const [row] = await room.admin.unsafe(`select count(*)::int as count from settlement.${table}`);
  expect(row?.['count']).toBeGreaterThan(0);
});

test.each(booked)("D9 the service's role cannot lift the protection of %s", async (table) => {
  for (const statement of [
    `alter table settlement.${table} disable trigger all`,
    `truncate settlement.${table}`,
    'set session_replication_role = replica',
  ]) {
    await expect(room.ctx.sql.unsafe(statement)).rejects.toThrow(/must be owner|permission denied/);
  }
});

test('D9 the database refuses a policy booked twice in one version, and a line without its transaction', async () => {
  await book('msk-1', [
    ['a', 5],
    ['b', -5],
  ]);
  const again = room.admin`
    insert into settlement.ledger_transactions values (${uuidOf('other')}, 'test', 'msk-1', 1, now(), now())`;
  await expect(again).rejects.toThrow('ledger_transactions_version');
  await handleBatch(room.ctx, batchOf(issued(1, 1)));
  const orphan = room.admin`
    insert into settlement.register_lines
    select (jsonb_populate_record(l, jsonb_build_object('event_id', ${uuidOf('orphan')}::text))).*
    from settlement.register_lines l`;
  await expect(orphan).rejects.toThrow('foreign key');
});
