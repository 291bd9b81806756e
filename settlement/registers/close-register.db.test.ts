import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { Problem } from '#contracts/problem.ts';
import { ClosedRegister, Register } from '#contracts/register.ts';
import { createSettlementApp } from '../app.ts';
import { dayClosed } from '../day-closed.testing.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { handleTwice } from '../intake/handle-twice.testing.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { batchOf, cancelled, createTestContext, issued, readPosition } from '../testing.ts';
import { appendLines } from './append-lines.ts';
import { closeDue } from './close-due.ts';
import { closeRegister } from './close-register.ts';

const OPERATOR_TOKEN = 'operator-token-for-tests-only-32chars';
let room: Awaited<ReturnType<typeof createTestContext>>;
let app: ReturnType<typeof createSettlementApp>;
beforeAll(async () => {
  room = await createTestContext();
  const health = { ready: true, checks: {} };
  app = createSettlementApp(room.ctx, { config: { OPERATOR_TOKEN }, registry: room.registry, health });
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const call = (path: string, { body, ...headers }: { body?: unknown; accept?: string } = {}) =>
  app.request(path, {
    method: path.endsWith('/close') ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const close = (insurer: string, period: string, body?: unknown) =>
  call(`/v1/registers/${insurer}/${period}/close`, { body });
const closed = async (insurer: string, period: string, body?: unknown) => {
  const answer = await close(insurer, period, body);
  expect(answer.status).toBe(200);
  return ClosedRegister.parse(await answer.json());
};
const refusal = async (answer: Response) => {
  expect(answer.status).toBe(409);
  const { type, errors = [] } = Problem.parse(await answer.json());
  expect(type).toMatch(/register-not-ready$/);
  return errors;
};
const register = async (insurer: string, period: string) =>
  Register.parse(await (await call(`/v1/registers/${insurer}/${period}`)).json());
const csv = async (insurer: string, period: string) =>
  call(`/v1/registers/${insurer}/${period}`, { accept: 'text/csv' });
const shown = ({ lines }: Register) =>
  lines.map(({ operation, policyNumber }) => `${operation} ${policyNumber.slice(-2)}`);

const handle = (...messages: (PolicyEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages));
/** Policies with an even number are of volga. */
const sold = (n: number, sequence: number, issuedAt: string) => issued(n, sequence, { data: { issuedAt } });
const undone = (n: number, sequence: number, at: { issuedAt: string; cancelledAt: string }) =>
  cancelled(n, sequence, { data: at });
const at = (time: string) => {
  room.clock.at = new Date(time);
};

const NOVEMBER = '2026-11-22T10:00:00.000Z';
const LAST_MOMENT = '2026-11-30T20:59:59.999Z';
const DECEMBER = '2026-11-30T21:00:00.000Z';
const CLOSING = '2026-12-01T00:00:00.000Z';

describe('R12 R13 D9 closing a register', () => {
  test('freezes it with the SHA-256 of its CSV, says who and when, and answers the same however often asked', async () => {
    await handle(sold(2, 1, NOVEMBER), sold(4, 2, LAST_MOMENT), sold(6, 3, DECEMBER));
    expect((await register('volga', '2026-11')).status).toBe('open');
    at(CLOSING);
    const first = await closed('volga', '2026-11', { by: 'anna' });
    const file = await csv('volga', '2026-11');
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
      totals: (await register('volga', '2026-11')).totals,
    });
    expect(first.totals.count).toBe(2);
    expect(await register('volga', '2026-11')).toMatchObject({
      status: 'closed',
      closedAt: CLOSING,
      digest: first.digest,
    });
    at('2027-03-01T00:00:00.000Z');
    expect(await closed('volga', '2026-11')).toEqual(first);
    expect(await closed('volga', '2026-11', { by: 'boris', force: true, reason: 'again' })).toEqual(first);
    expect((await register('volga', '2026-12')).status).toBe('open');
  });

  test('several at once close it once, with one answer', async () => {
    await handle(sold(2, 1, NOVEMBER));
    at(CLOSING);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((by) => closed('volga', '2026-11', { by })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('a crash between its two steps is made good by the next call', async () => {
    await handle(sold(2, 1, NOVEMBER));
    at(CLOSING);
    await room.admin.unsafe(`
      create function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
      create trigger injected before update on settlement.register_closings execute function settlement.fail()`);
    expect((await close('volga', '2026-11', { by: 'anna' })).status).toBe(500);
    await room.admin`drop function settlement.fail cascade`;
    await handle(sold(4, 2, NOVEMBER));
    expect(shown(await register('volga', '2026-11'))).toEqual(['issued 02']);
    expect(await closed('volga', '2026-11', { by: 'boris' })).toMatchObject({ closedBy: 'anna', totals: { count: 1 } });
  });

  test('is refused while the month is not over in Moscow, to the millisecond, and always before it begins', async () => {
    await handle(sold(2, 1, NOVEMBER));
    at(LAST_MOMENT);
    expect(await refusal(await close('volga', '2026-11'))).toEqual([
      { field: 'period', message: '2026-11 is not over: it ends at 2026-11-30T21:00:00.000Z' },
    ]);
    const early = await close('volga', '2026-12', { force: true, reason: 'in advance' });
    expect(await refusal(early)).toEqual([{ field: 'period', message: '2026-12 has not begun' }]);
    at(DECEMBER);
    expect((await close('volga', '2026-11')).status).toBe(200);
  });

  test('is refused while a partition is stopped by a gap, dead letters wait or a day disagrees, each named', async () => {
    await handle(sold(2, 1, NOVEMBER), issued(4, 2, { data: { issuedAt: NOVEMBER, number: '' } }), 'junk');
    await handleBatch(
      room.ctx,
      batchOf(dayClosed('2026-11-22', 3, [{ insurer: 'volga', issued: [] }]), sold(8, 9, NOVEMBER)),
    );
    expect(await readPosition(room.ctx)).toContain('gap');
    at('2026-12-01T00:00:00.000Z');
    const errors = await refusal(await close('volga', '2026-11'));
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'gaps: partition 3 of policies.v1 is stopped since 2026-11-22T10:00:05.000Z (gap): replay the outbox',
      expect.stringMatching(/^deadLetters: 2 dead letters may belong to it: \d+, \d+$/),
      'gaps: core has not closed 2026-11-23, 2026-11-24, 2026-11-25, 2026-11-26, 2026-11-27 and 3 more yet',
      'gaps: 2026-11-22 does not agree with core: see GET /v1/reconciliation?period=2026-11',
    ]);
    expect((await register('volga', '2026-11')).status).toBe('open');
    const metric = await room.registry.getSingleMetricAsString('settlement_register_closes_total');
    expect(metric).toContain('settlement_register_closes_total{outcome="refused"}');
  });

  test('by force needs a reason, and both stay with the register for the audit', async () => {
    await handle(sold(2, 1, NOVEMBER), 'junk');
    at(CLOSING);
    const bare = await close('volga', '2026-11', { force: true });
    expect(bare.status).toBe(400);
    expect(Problem.parse(await bare.json()).errors).toEqual([
      { field: 'reason', message: 'must say why a register is closed by force' },
    ]);
    const forced = await closed('volga', '2026-11', { force: true, reason: 'the junk is nobody’s', by: 'anna' });
    expect(forced.forced).toEqual({
      reason: 'the junk is nobody’s',
      findings: [expect.stringMatching(/^1 dead letter may belong to it/)],
    });
    expect(await closed('volga', '2026-11')).toEqual(forced);
  });

  test('is not held up by dead letters of another insurer or a later month, nor by those given up', async () => {
    await handle(
      sold(2, 1, NOVEMBER),
      issued(3, 2, { data: { issuedAt: NOVEMBER, number: '' } }),
      issued(6, 3, { data: { number: '' }, envelope: { occurredAt: DECEMBER } }),
      'junk',
    );
    at(CLOSING);
    expect(await refusal(await close('volga', '2026-11'))).toHaveLength(1);
    const [junk] = await room.ctx.sql`select id::text as id from settlement.dead_letters where event_id is null`;
    await app.request(`/v1/dead-letters/${junk?.['id']}/dismiss`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'not a message' }),
    });
    expect((await close('volga', '2026-11')).status).toBe(200);
  });

  test.each([
    [{ by: '' }, 'by'],
    [{ force: 'yes' }, 'force'],
    [{ force: true, reason: ' ' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ why: 'x' }, 'why'],
  ])('refuses the body %j, naming the field', async (body, field) => {
    const answer = await close('volga', '2026-11', body);
    expect(answer.status).toBe(400);
    expect(Problem.parse(await answer.json()).errors?.map((error) => error.field)).toEqual([field]);
  });

  test('of an insurer never seen is 404, of no month 400', async () => {
    expect((await close('nobody', '2026-10')).status).toBe(404);
    expect((await close('volga', '2026-13')).status).toBe(400);
  });
});

describe('D9 what comes late', () => {
  test('stands in the next open month as an adjustment that says what it is, and the closed month stays as it was', async () => {
    await handle(sold(2, 1, NOVEMBER));
    at(CLOSING);
    await closed('volga', '2026-11');
    const frozen = await (await csv('volga', '2026-11')).text();
    await handle(
      sold(4, 2, LAST_MOMENT),
      undone(2, 3, { issuedAt: NOVEMBER, cancelledAt: LAST_MOMENT }),
      sold(6, 4, DECEMBER),
      sold(1, 5, NOVEMBER),
    );
    expect(await (await csv('volga', '2026-11')).text()).toBe(frozen);
    const december = await register('volga', '2026-12');
    expect(december.lines.map(({ operation, earlierPolicy, comment }) => [operation, earlierPolicy, comment])).toEqual([
      ['adjustment', 'MSK-0000000002', 'cancelled on 2026-11-30, told after 2026-11 was closed'],
      ['adjustment', null, 'issued on 2026-11-30, told after 2026-11 was closed'],
      ['issued', null, ''],
    ]);
    expect(december.lines[0]?.premium.amountMinor).toBe(-50_006);
    expect(december.totals.premium.amountMinor).toBe(-50_006 + 100_028 + 100_042);
    expect(shown(await register('ural', '2026-11'))).toEqual(['issued 01']);
  });

  test('passes over every month that is closed, also past the end of a year', async () => {
    await handle(sold(2, 1, '2026-11-10T00:00:00.000Z'), sold(4, 2, '2026-12-10T00:00:00.000Z'));
    at('2027-01-15T00:00:00.000Z');
    await closed('volga', '2026-11');
    await closed('volga', '2026-12');
    await handle(sold(6, 3, '2026-11-30T20:59:59.999Z'));
    expect(shown(await register('volga', '2027-01'))).toEqual(['adjustment 06']);
    await closed('volga', '2027-01', { force: true, reason: 'the contract with volga ended' });
    await handle(sold(8, 4, '2027-01-20T00:00:00.000Z'));
    expect(shown(await register('volga', '2027-02'))).toEqual(['adjustment 08']);
  });

  test('a line under way as its register is closed is in it before, or beside it after, and never lost', async () => {
    const batches = Array.from({ length: 30 }, (_, b) =>
      Array.from({ length: 20 }, (_, i) => sold(2 * (b * 20 + i + 1), b * 20 + i + 1, NOVEMBER)),
    );
    at(CLOSING);
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
    const [, answer] = await Promise.all([book(), closed('volga', '2026-11')]);
    const [november, december] = [await register('volga', '2026-11'), await register('volga', '2026-12')];
    expect(november.totals).toEqual(answer.totals);
    expect(november.lines.length + december.lines.length).toBe(600);
    expect(december.lines.every(({ operation }) => operation === 'adjustment')).toBe(true);
    const text = await (await csv('volga', '2026-11')).text();
    expect(createHash('sha256').update(text).digest('hex')).toBe(answer.digest);
  });
});

test('D9 a closing waits for the lines that are written and not committed, and counts them', async () => {
  await handle(sold(2, 1, NOVEMBER));
  at(CLOSING);
  const [written, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const booking = room.ctx.sql.begin(async (tx) => {
    await bookEvents(tx, [sold(4, 2, NOVEMBER)], { bookedAt: room.clock.at });
    await appendLines(tx, [sold(4, 2, NOVEMBER)], new Set());
    written.resolve();
    await commit.promise;
  });
  await written.promise;
  const closing = closed('volga', '2026-11');
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
    await handle(sold(2, 1, NOVEMBER), sold(1, 2, NOVEMBER));
    at(CLOSING);
    await closed('volga', '2026-11');
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
    await handle(sold(2, 1, NOVEMBER), sold(4, 2, NOVEMBER));
    at(CLOSING);
    await closed('volga', '2026-11');
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update settlement.register_lines set partner = 'beta' where policy_number = 'MSK-0000000004'`;
    });
    await expect((await csv('volga', '2026-11')).text()).rejects.toThrow('is not what was closed');
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`delete from settlement.register_lines where policy_number = 'MSK-0000000004'`;
    });
    await expect((await call('/v1/registers/volga/2026-11')).text()).rejects.toThrow('is not what was closed');
  });
});

describe('R13 closing what is due', () => {
  const states = async () =>
    Promise.all(
      ['volga', 'ural'].flatMap((insurer) =>
        ['2026-10', '2026-11', '2026-12'].map(
          async (period) => `${insurer} ${period} ${(await register(insurer, period)).status}`,
        ),
      ),
    );
  const overdue = async () => {
    const metric = await room.registry.getSingleMetric('settlement_registers_overdue')?.get();
    return metric?.values[0]?.value;
  };

  test('on the 1st at 03:00 in Moscow the last month of every insurer, and what was missed before; not a moment earlier', async () => {
    await handle(
      sold(2, 1, '2026-10-05T00:00:00.000Z'),
      sold(1, 2, NOVEMBER),
      sold(4, 3, NOVEMBER),
      sold(6, 4, DECEMBER),
    );
    at('2026-11-30T23:59:59.999Z');
    expect(await closeDue(room.ctx)).toBe(1);
    expect(await states()).toEqual(
      expect.arrayContaining(['volga 2026-10 closed', 'volga 2026-11 open', 'ural 2026-11 open']),
    );
    at('2026-12-01T00:00:00.000Z');
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
    await handle(sold(2, 1, NOVEMBER), issued(1, 2, { data: { issuedAt: NOVEMBER } }));
    await handle(issued(3, 3, { data: { issuedAt: NOVEMBER, number: '' } }));
    at(CLOSING);
    expect(await closeDue(room.ctx)).toBe(1);
    expect(await overdue()).toBe(1);
    await room.ctx.sql`update settlement.dead_letters set status = 'dismissed'`;
    at('2026-12-01T01:00:00.000Z');
    expect(await closeDue(room.ctx)).toBe(1);
    at('2026-12-01T01:01:00.001Z');
    expect(await overdue()).toBe(0);
  });
});
