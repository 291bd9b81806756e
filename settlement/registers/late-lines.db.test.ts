import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handleBatch } from '../intake/handle-batch.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { bookingOf } from '../ledger/booking-of.ts';
import { batchOf, createTestContext } from '../testing.ts';
import { CLOSING, createRegisters, DECEMBER, LAST_MOMENT, NOVEMBER, shown, sold, undone } from './registers.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
let of: ReturnType<typeof createRegisters>;
beforeAll(async () => {
  room = await createTestContext();
  of = createRegisters(room);
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

describe('D9 what comes late', () => {
  test('stands in the next open month as an adjustment that says what it is, and the closed month stays as it was', async () => {
    await of.handle(sold(2, 1, NOVEMBER));
    of.at(CLOSING);
    await of.closed('volga', '2026-11');
    const frozen = await (await of.csv('volga', '2026-11')).text();
    await of.handle(
      sold(4, 2, LAST_MOMENT),
      undone(2, 3, { issuedAt: NOVEMBER, cancelledAt: LAST_MOMENT }),
      sold(6, 4, DECEMBER),
      sold(1, 5, NOVEMBER),
    );
    expect(await (await of.csv('volga', '2026-11')).text()).toBe(frozen);
    const december = await of.register('volga', '2026-12');
    expect(december.lines.map(({ operation, earlierPolicy, comment }) => [operation, earlierPolicy, comment])).toEqual([
      ['adjustment', 'MSK-0000000002', 'cancelled on 2026-11-30, told after 2026-11 was closed'],
      ['adjustment', null, 'issued on 2026-11-30, told after 2026-11 was closed'],
      ['issued', null, ''],
    ]);
    expect(december.lines[0]?.premium.amountMinor).toBe(-50_006);
    expect(december.totals.premium.amountMinor).toBe(-50_006 + 100_028 + 100_042);
    expect(shown(await of.register('ural', '2026-11'))).toEqual(['issued 01']);
  });

  test('passes over every month that is closed, also past the end of a year', async () => {
    await of.handle(sold(2, 1, '2026-11-10T00:00:00.000Z'), sold(4, 2, '2026-12-10T00:00:00.000Z'));
    of.at('2027-01-15T00:00:00.000Z');
    await of.closed('volga', '2026-11');
    await of.closed('volga', '2026-12');
    await of.handle(sold(6, 3, '2026-11-30T20:59:59.999Z'));
    expect(shown(await of.register('volga', '2027-01'))).toEqual(['adjustment 06']);
    await of.closed('volga', '2027-01', { force: true, reason: 'the contract with volga ended' });
    await of.handle(sold(8, 4, '2027-01-20T00:00:00.000Z'));
    expect(shown(await of.register('volga', '2027-02'))).toEqual(['adjustment 08']);
  });

  test('a line under way as its register is closed is in it before, or beside it after, and never lost', async () => {
    const batches = Array.from({ length: 30 }, (_, b) =>
      Array.from({ length: 20 }, (_, i) => sold(2 * (b * 20 + i + 1), b * 20 + i + 1, NOVEMBER)),
    );
    of.at(CLOSING);
    await handleBatch(room.ctx, batchOf(...(batches[0] ?? [])));
    const book = async () => {
      for (const batch of batches) {
        // As a transport does: what is given back comes again.
        while (
          await handleBatch(room.ctx, batchOf(...batch)).then(
            () => false,
            () => true,
          )
        );
      }
    };
    const [, answer] = await Promise.all([book(), of.closed('volga', '2026-11')]);
    const [november, december] = [await of.register('volga', '2026-11'), await of.register('volga', '2026-12')];
    expect(november.totals).toEqual(answer.totals);
    expect(november.lines.length + december.lines.length).toBe(600);
    expect(december.lines.every(({ operation }) => operation === 'adjustment')).toBe(true);
    const text = await (await of.csv('volga', '2026-11')).text();
    expect(createHash('sha256').update(text).digest('hex')).toBe(answer.digest);
  });
});

test('D9 a closing waits for the lines that are written and not committed, and counts them', async () => {
  await of.handle(sold(2, 1, NOVEMBER));
  of.at(CLOSING);
  const [written, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const booking = room.ctx.sql.begin(async (tx) => {
    await bookEvents(tx, [bookingOf(sold(4, 2, NOVEMBER))], { bookedAt: room.clock.at, closed: new Set() });
    written.resolve();
    await commit.promise;
  });
  await written.promise;
  const closing = of.closed('volga', '2026-11');
  await Promise.race([closing, someoneWaits()]);
  commit.resolve();
  await booking;
  expect((await closing).totals.count).toBe(2);
});

/** Until somebody waits for an advisory lock. */
async function someoneWaits(): Promise<void> {
  for (let waiting = 0; waiting === 0; ) {
    const [row] = await room.admin`
      select count(*)::int as waiting from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and locktype = 'advisory' and not granted`;
    waiting = row?.['waiting'];
  }
}

describe('D9 the database', () => {
  test('takes no line into a closed register, and changes or removes no closing, also for its owner', async () => {
    await of.handle(sold(2, 1, NOVEMBER), sold(1, 2, NOVEMBER));
    of.at(CLOSING);
    await of.closed('volga', '2026-11');
    const copy = room.admin`insert into settlement.register_lines
      select (jsonb_populate_record(l, jsonb_build_object('event_id', gen_random_uuid()))).* from settlement.register_lines l`;
    await expect(copy).rejects.toThrow('comes into a closed register');
    for (const statement of [
      `update settlement.register_closings set digest = repeat('0', 64)`,
      `update settlement.register_closings set status = 'closing', digest = null, count = null, premium_minor = null, commission_minor = null`,
    ]) {
      await expect(room.admin.unsafe(statement)).rejects.toThrow('The register of volga for 2026-11 is closed');
    }
    for (const statement of ['delete from settlement.register_closings', 'truncate settlement.register_closings'])
      await expect(room.admin.unsafe(statement)).rejects.toThrow('append-only');
  });

  test('a closed register that was changed behind its back is not served as if it were whole', async () => {
    await of.handle(sold(2, 1, NOVEMBER), sold(4, 2, NOVEMBER));
    of.at(CLOSING);
    await of.closed('volga', '2026-11');
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update settlement.register_lines set partner = 'beta' where policy_number = 'MSK-0000000004'`;
    });
    await expect((await of.csv('volga', '2026-11')).text()).rejects.toThrow('is not what was closed');
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`delete from settlement.register_lines where policy_number = 'MSK-0000000004'`;
    });
    await expect((await of.get('volga', '2026-11')).text()).rejects.toThrow('is not what was closed');
  });
});
