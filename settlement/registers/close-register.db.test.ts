import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#contracts/problem.ts';
import { dayClosed } from '../day-closed.testing.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { batchOf, createTestContext, issued, readPosition } from '../testing.ts';
import {
  CLOSING,
  createRegisters,
  DECEMBER,
  LAST_MOMENT,
  NOVEMBER,
  refusal,
  shown,
  sold,
} from './registers.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
let of: ReturnType<typeof createRegisters>;
beforeAll(async () => {
  room = await createTestContext();
  of = createRegisters(room);
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

describe('R12 R13 D9 closing a register', () => {
  test('freezes it with the SHA-256 of its CSV, says who and when, and answers the same however often asked', async () => {
    await of.handle(sold(2, 1, NOVEMBER), sold(4, 2, LAST_MOMENT), sold(6, 3, DECEMBER));
    expect((await of.register('volga', '2026-11')).status).toBe('open');
    of.at(CLOSING);
    const first = await of.closed('volga', '2026-11', { by: 'anna' });
    const file = await of.csv('volga', '2026-11');
    const text = await file.text();
    const digest = createHash('sha256').update(text);
    expect(file.headers.get('repr-digest')).toBe(`sha-256=:${digest.copy().digest('base64')}:`);
    expect(first).toEqual({
      insurer: 'volga',
      period: '2026-11',
      status: 'closed',
      closedAt: CLOSING,
      closedBy: 'anna',
      digest: digest.digest('hex'),
      totals: (await of.register('volga', '2026-11')).totals,
    });
    expect(first.totals.count).toBe(2);
    expect(await of.register('volga', '2026-11')).toMatchObject({
      status: 'closed',
      closedAt: CLOSING,
      digest: first.digest,
    });
    of.at('2027-03-01T00:00:00.000Z');
    expect(await of.closed('volga', '2026-11')).toEqual(first);
    expect(await of.closed('volga', '2026-11', { by: 'boris', force: true, reason: 'again' })).toEqual(first);
    expect((await of.register('volga', '2026-12')).status).toBe('open');
  });

  test('several at once close it once, with one answer', async () => {
    await of.handle(sold(2, 1, NOVEMBER));
    of.at(CLOSING);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((by) => of.closed('volga', '2026-11', { by })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('a crash between its two steps is made good by the next call', async () => {
    await of.handle(sold(2, 1, NOVEMBER));
    of.at(CLOSING);
    await room.admin.unsafe(`
      create function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
      create trigger injected before update on settlement.register_closings execute function settlement.fail()`);
    expect((await of.close('volga', '2026-11', { by: 'anna' })).status).toBe(500);
    await room.admin`drop function settlement.fail cascade`;
    await of.handle(sold(4, 2, NOVEMBER));
    expect(shown(await of.register('volga', '2026-11'))).toEqual(['issued 02']);
    expect(await of.closed('volga', '2026-11', { by: 'boris' })).toMatchObject({
      closedBy: 'anna',
      totals: { count: 1 },
    });
  });

  test('is refused while the month is not over in Moscow, to the millisecond, and always before it begins', async () => {
    await of.handle(sold(2, 1, NOVEMBER));
    of.at(LAST_MOMENT);
    expect(await refusal(await of.close('volga', '2026-11'))).toEqual([
      { field: 'period', message: '2026-11 is not over: it ends at 2026-11-30T21:00:00.000Z' },
    ]);
    const early = await of.close('volga', '2026-12', { force: true, reason: 'in advance' });
    expect(await refusal(early)).toEqual([{ field: 'period', message: '2026-12 has not begun' }]);
    of.at(DECEMBER);
    expect((await of.close('volga', '2026-11')).status).toBe(200);
  });

  test('is refused while a partition is stopped by a gap, dead letters wait or a day disagrees, each named', async () => {
    await of.handle(sold(2, 1, NOVEMBER), issued(4, 2, { data: { issuedAt: NOVEMBER, number: '' } }), 'junk');
    await handleBatch(
      room.ctx,
      batchOf(dayClosed('2026-11-22', 3, [{ insurer: 'volga', issued: [] }]), sold(8, 9, NOVEMBER)),
    );
    expect(await readPosition(room.ctx)).toContain('gap');
    of.at('2026-12-01T00:00:00.000Z');
    const errors = await refusal(await of.close('volga', '2026-11'));
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'gaps: partition 3 of policies.v1 is stopped since 2026-11-22T10:00:05.000Z (gap): replay the outbox',
      expect.stringMatching(/^deadLetters: 2 dead letters may belong to it: \d+, \d+$/),
      'gaps: core has not closed 2026-11-23, 2026-11-24, 2026-11-25, 2026-11-26, 2026-11-27 and 3 more yet',
      'gaps: 2026-11-22 does not agree with core: see GET /v1/reconciliation?period=2026-11',
    ]);
    expect((await of.register('volga', '2026-11')).status).toBe('open');
    const metric = await room.registry.getSingleMetricAsString('settlement_register_closes_total');
    expect(metric).toContain('settlement_register_closes_total{outcome="refused"}');
  });

  test('by force needs a reason, and both stay with the register for the audit', async () => {
    await of.handle(sold(2, 1, NOVEMBER), 'junk');
    of.at(CLOSING);
    const bare = await of.close('volga', '2026-11', { force: true });
    expect(bare.status).toBe(400);
    expect(Problem.parse(await bare.json()).errors).toEqual([
      { field: 'reason', message: 'must say why a register is closed by force' },
    ]);
    const forced = await of.closed('volga', '2026-11', { force: true, reason: 'the junk is nobody’s', by: 'anna' });
    expect(forced.forced).toEqual({
      reason: 'the junk is nobody’s',
      findings: [expect.stringMatching(/^1 dead letter may belong to it/)],
    });
    expect(await of.closed('volga', '2026-11')).toEqual(forced);
  });

  test('is not held up by dead letters of another insurer or a later month, nor by those given up', async () => {
    await of.handle(
      sold(2, 1, NOVEMBER),
      issued(3, 2, { data: { issuedAt: NOVEMBER, number: '' } }),
      issued(6, 3, { data: { number: '' }, envelope: { occurredAt: DECEMBER } }),
      'junk',
    );
    of.at(CLOSING);
    expect(await refusal(await of.close('volga', '2026-11'))).toHaveLength(1);
    const [junk] = await room.ctx.sql`select id::text as id from settlement.dead_letters where event_id is null`;
    await room.operate(`/v1/dead-letters/${junk?.['id']}/dismiss`, {
      method: 'POST',
      body: { reason: 'not a message' },
    });
    expect((await of.close('volga', '2026-11')).status).toBe(200);
  });

  test.each([
    [{ by: '' }, 'by'],
    [{ force: 'yes' }, 'force'],
    [{ force: true, reason: ' ' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ why: 'x' }, 'why'],
  ])('refuses the body %j, naming the field', async (body, field) => {
    const answer = await of.close('volga', '2026-11', body);
    expect(answer.status).toBe(400);
    expect(Problem.parse(await answer.json()).errors?.map((error) => error.field)).toEqual([field]);
  });

  test('of an insurer never seen is 404, of no month 400', async () => {
    expect((await of.close('nobody', '2026-10')).status).toBe(404);
    expect((await of.close('volga', '2026-13')).status).toBe(400);
  });
});
