import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, issued } from '../testing.ts';
import { closeDue } from './close-due.ts';
import { closeRegister } from './close-register.ts';
import { CLOSING, createRegisters, DECEMBER, NOVEMBER, sold } from './registers.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
let of: ReturnType<typeof createRegisters>;
beforeAll(async () => {
  room = await createTestContext();
  of = createRegisters(room);
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

describe('R13 closing what is due', () => {
  const states = async () =>
    Promise.all(
      ['volga', 'ural'].flatMap((insurer) =>
        ['2026-10', '2026-11', '2026-12'].map(
          async (period) => `${insurer} ${period} ${(await of.register(insurer, period)).status}`,
        ),
      ),
    );
  const overdue = async () => {
    const metric = await room.registry.getSingleMetric('settlement_registers_overdue')?.get();
    return metric?.values[0]?.value;
  };

  test('on the 1st at 03:00 in Moscow the last month of every insurer, and what was missed before; not a moment earlier', async () => {
    await of.handle(
      sold(2, 1, '2026-10-05T00:00:00.000Z'),
      sold(1, 2, NOVEMBER),
      sold(4, 3, NOVEMBER),
      sold(6, 4, DECEMBER),
    );
    of.at('2026-11-30T23:59:59.999Z');
    expect(await closeDue(room.ctx)).toBe(1);
    expect(await states()).toEqual(
      expect.arrayContaining(['volga 2026-10 closed', 'volga 2026-11 open', 'ural 2026-11 open']),
    );
    of.at('2026-12-01T00:00:00.000Z');
    expect(await closeDue(room.ctx)).toBe(2);
    expect(await states()).toEqual([
      'volga 2026-10 closed',
      'volga 2026-11 closed',
      'volga 2026-12 open',
      'ural 2026-10 open',
      'ural 2026-11 closed',
      'ural 2026-12 open',
    ]);
    expect(await closeDue(room.ctx)).toBe(0);
    const { closedBy } = await closeRegister(
      room.ctx,
      { insurer: 'ural', period: '2026-11' },
      { by: 'x', force: false },
    );
    expect(closedBy).toBe('schedule');
  });

  test('what cannot be closed keeps no other open, is told as overdue, and is closed when it can be', async () => {
    await of.handle(sold(2, 1, NOVEMBER), issued(1, 2, { data: { issuedAt: NOVEMBER } }));
    await of.handle(issued(3, 3, { data: { issuedAt: NOVEMBER, number: '' } }));
    of.at(CLOSING);
    expect(await closeDue(room.ctx)).toBe(1);
    expect(await overdue()).toBe(1);
    await room.ctx.sql`update settlement.dead_letters set status = 'dismissed'`;
    of.at('2026-12-01T01:00:00.000Z');
    expect(await closeDue(room.ctx)).toBe(1);
    of.at('2026-12-01T01:01:00.001Z');
    expect(await overdue()).toBe(0);
  });
});
