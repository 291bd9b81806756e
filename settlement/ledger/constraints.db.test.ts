import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { handleTwice } from '../intake/handle-twice.testing.ts';
import { batchOf, cancelled, createTestContext, issued, uuidOf } from '../testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

/** Writes a transaction with these sides, as the owner of the tables: code is not what holds it. */
const book = (name: string, sides: readonly [string, number][], type = 'policy.issued.v1') =>
  bookRaw(name, {
    accounts: `{${sides.map(([account]) => account)}}`,
    amounts: `{${sides.map(([, amount]) => amount)}}`,
    type,
  });

const bookRaw = (
  name: string,
  { accounts, amounts, type = 'policy.issued.v1' }: { accounts: string; amounts: string; type?: string },
) =>
  room.admin`
    insert into settlement.ledger_transactions
      (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
    values (${uuidOf(name)}, ${type}, ${name}, 1, now(), now(), ${accounts}::text::text[], ${amounts}::text::bigint[])`;

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

test.each([
  ['more accounts than amounts', { accounts: '{a,b,c}', amounts: '{5,-5}' }],
  ['an amount without an account', { accounts: '{a,NULL}', amounts: '{5,-5}' }],
  ['an account without an amount', { accounts: '{a,b,c}', amounts: '{5,-5,NULL}' }],
  ['amounts in two dimensions', { accounts: '{a,b}', amounts: '{{5,-5}}' }],
  ['an amount before the first', { accounts: '{a,b,c}', amounts: '[0:2]={7,5,-5}' }],
  ['more sides than are summed up', { accounts: '{a,b,c,d,e,f,g,h,i}', amounts: '{1,-1,1,-1,1,-1,1,-1,7}' }],
])('D9 the database refuses a transaction with %s', async (_, sides) => {
  await expect(bookRaw('bad', sides)).rejects.toThrow(/ledger_transactions_(sides|balanced)/);
  expect(await transactions()).toHaveLength(0);
});

test('D9 the database refuses to balance one transaction by another', async () => {
  await book('first', [
    ['a', 5],
    ['b', -5],
  ]);
  const both = room.admin`
    insert into settlement.ledger_transactions
    select (jsonb_populate_record(t, jsonb_build_object('event_id', n.id, 'aggregate_id', n.id, 'amounts_minor', n.amounts))).*
    from settlement.ledger_transactions t,
      (values (${uuidOf('x')}::text, array[5, -4]), (${uuidOf('y')}::text, array[4, -5])) as n(id, amounts)`;
  await expect(both).rejects.toThrow('ledger_transactions_balanced');
  expect(await transactions()).toHaveLength(1);
});

test('D9 the database refuses to add sides to a transaction that is booked, balanced or not', async () => {
  await book('booked', [
    ['a', 5],
    ['b', -5],
  ]);
  const add = room.admin`update settlement.ledger_transactions
    set accounts = accounts || '{c,d}'::text[], amounts_minor = amounts_minor || '{1,-1}'::bigint[]`;
  await expect(add).rejects.toThrow('append-only');
  const insert = room.admin`insert into settlement.ledger_postings values (${uuidOf('booked')}, 'c', 1)`;
  await expect(insert).rejects.toThrow('cannot insert into view');
});

test.each(['policy.issued.v1', 'test'])(
  'D9 the database refuses a transaction of type %s without sides',
  async (type) => {
    await expect(book('bare', [], type)).rejects.toThrow('ledger_transactions_sides');
  },
);

test('D9 the database takes a cancellation without sides only beside a register line of nothing', async () => {
  await expect(book('bare', [], 'policy.cancelled.v1')).rejects.toThrow('no postings and no register line');
  const nothing = { commission: { rateBps: 0, amount: rub(0) }, refund: rub(0) };
  const partner = { id: 'alfa', commission: nothing.commission };
  await handleTwice(room.ctx, batchOf(issued(1, 1), cancelled(1, 2, { data: { ...nothing, partner } })));
  expect(await transactions()).toHaveLength(2);
  const lineOf = (premium: number) =>
    room.admin.begin(async (tx) => {
      await tx`insert into settlement.ledger_transactions
        values (${uuidOf('late')}, 'policy.cancelled.v1', 'late', 2, now(), now(), '{}', '{}')`;
      await tx`insert into settlement.register_lines
      select (jsonb_populate_record(l, jsonb_build_object('event_id', ${uuidOf('late')}::text, 'premium_minor', ${premium}::int))).*
      from settlement.register_lines l where operation = 'cancelled'`;
    });
  await expect(lineOf(-1)).rejects.toThrow('is not of its ledger transaction');
  await lineOf(0);
  expect(await transactions()).toHaveLength(3);
});

const booked = ['ledger_transactions', 'register_lines'];

test.each(booked)('D9 the database refuses to change, remove or empty %s, also to its owner', async (table) => {
  await handleTwice(room.ctx, batchOf(issued(1, 1)));
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

/** A copy of the only register line, with some of its columns otherwise. */
const copyLine = (changes: Record<string, string | number>) =>
  room.admin`insert into settlement.register_lines
    select (jsonb_populate_record(l, ${JSON.stringify(changes)}::text::jsonb)).* from settlement.register_lines l`;

test('D9 the database refuses a policy booked twice in one version, and a line without its transaction', async () => {
  await book('msk-1', [
    ['a', 5],
    ['b', -5],
  ]);
  const again = room.admin`
    insert into settlement.ledger_transactions
    select (jsonb_populate_record(t, jsonb_build_object('event_id', ${uuidOf('other')}::text))).*
    from settlement.ledger_transactions t`;
  await expect(again).rejects.toThrow('ledger_transactions_version');
  await handleTwice(room.ctx, batchOf(issued(1, 1)));
  await expect(copyLine({ event_id: uuidOf('orphan') })).rejects.toThrow('is not of its ledger transaction');
});

test.each([{}, { premium_minor: 1 }, { commission_minor: 1 }, { insurer: 'volga' }])(
  'D9 the database takes a register line that says the same as its transaction and no other: %j',
  async (changes: Record<string, number | string>) => {
    await handleTwice(room.ctx, batchOf(issued(1, 1)));
    const put = room.admin.begin(async (tx) => {
      // As if the line had not been written with its transaction.
      await tx`set local session_replication_role = replica`;
      await tx`create temporary table kept on commit drop as select * from settlement.register_lines`;
      await tx`delete from settlement.register_lines`;
      await tx`set local session_replication_role = origin`;
      await tx`insert into settlement.register_lines
        select (jsonb_populate_record(null::settlement.register_lines, to_jsonb(k) || ${JSON.stringify(changes)}::text::jsonb)).*
        from kept k`;
    });
    if (Object.keys(changes).length === 0) await put;
    else await expect(put).rejects.toThrow('is not of its ledger transaction');
  },
);
