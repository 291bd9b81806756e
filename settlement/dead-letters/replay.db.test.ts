import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DeadLetterHistory, DeadLetterReplayed, DeadLetters } from '#contracts/dead-letter.ts';
import type { PolicyEvent } from '#contracts/events.ts';
import { Problem } from '#contracts/problem.ts';
import { dayClosed } from '../day-closed.testing.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { handleTwice, requireBalanced } from '../intake/handle-twice.testing.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const call = (path: string, method = 'GET', body?: unknown) =>
  room.operate(`/v1/dead-letters${path}`, { method, body });
const listed = async (query = '') => DeadLetters.parse(await (await call(query)).json()).items;
const history = async (id: string) => DeadLetterHistory.parse(await (await call(`/${id}`)).json());
const replay = async (id: string, body?: unknown) => {
  const answer = await call(`/${id}/replay`, 'POST', body);
  expect(answer.status).toBe(200);
  return DeadLetterReplayed.parse(await answer.json());
};
const handle = (...messages: (PolicyEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages));
const books = () => readBooks(room.ctx);

/**
 * Parks an event by telling it under a type that no release knows, and makes it right afterwards as a new release would:
 * by its owner, because nobody else can change a dead letter.
 */
const unknown = (event: PolicyEvent): string => JSON.stringify(event).replace(/"type":"policy\./, '"type":"unheard.');
async function learnType(): Promise<void> {
  await room.admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update settlement.dead_letters set raw = convert_to(replace(convert_from(raw, 'UTF8'), '"type":"unheard.', '"type":"policy.'), 'UTF8')`;
  });
}

describe('S3.2 D9 POST /v1/dead-letters/{id}/replay', () => {
  test('books what is right by now, with those of its policy behind it in their order, as if nothing had been', async () => {
    await handle(issued(2, 1), cancelled(2, 2), issued(4, 3));
    const clean = await books();
    await room.reset();
    await handle(unknown(issued(2, 1)), cancelled(2, 2), issued(4, 3));
    expect((await books()).transactions).toHaveLength(1);
    await learnType();
    const [first, second] = await listed();
    expect([first?.reason, second?.reason]).toEqual(['unknown-type', 'behind-dead-letter']);
    expect(await replay(first?.id ?? '', { by: 'anna', reason: 'release 7 knows the type' })).toEqual({
      id: first?.id,
      outcome: 'booked',
      behind: [{ id: second?.id, outcome: 'booked' }],
    });
    expect({ ...(await books()), parked: [] }).toEqual(clean);
    await requireBalanced(room.ctx);
    expect(await readPosition(room.ctx)).toBe('1/3+0');
    expect(await listed()).toEqual([]);
    expect((await listed('?status=booked')).map(({ id }) => id)).toEqual([first?.id, second?.id]);
  });

  test('leaves an audit of who, when, why and what came of it, for each letter it took, and counts and logs each', async () => {
    await handle(issued(2, 1, { data: { number: '' } }), cancelled(2, 2));
    const [first, second] = await listed();
    expect(await replay(first?.id ?? '', { by: 'anna', reason: 'trying' })).toEqual({
      id: first?.id,
      outcome: 'refused',
      reason: 'invalid-event',
      detail: 'data.number is not a printable number of at most 64 characters',
      behind: [],
    });
    await replay(first?.id ?? '');
    const at = '2026-11-22T10:00:05.000Z';
    const detail = 'data.number is not a printable number of at most 64 characters';
    expect((await history(first?.id ?? '')).actions).toEqual([
      { action: 'replay', by: 'anna', reason: 'trying', at, outcome: 'refused', detail },
      { action: 'replay', by: 'operator', reason: null, at, outcome: 'refused', detail },
    ]);
    expect((await history(second?.id ?? '')).actions).toEqual([]);
    expect(await room.registry.getSingleMetricAsString('settlement_dead_letter_replays_total')).toContain(
      'settlement_dead_letter_replays_total{outcome="refused"} 2',
    );
  });

  test('opens the way for what comes of the policy afterwards', async () => {
    await handle(unknown(issued(2, 1)));
    await learnType();
    const [letter] = await listed();
    await replay(letter?.id ?? '');
    await handle(cancelled(2, 2));
    expect((await books()).lines.map((line) => line['operation']).toSorted()).toEqual(['cancelled', 'issued']);
    expect(await listed()).toEqual([]);
  });

  test('of a letter behind another is refused until the first is booked', async () => {
    await handle(unknown(issued(2, 1)), cancelled(2, 2));
    await learnType();
    const [first, second] = await listed();
    expect(await replay(second?.id ?? '')).toMatchObject({ outcome: 'refused', reason: 'behind-dead-letter' });
    expect(await replay(first?.id ?? '')).toMatchObject({ outcome: 'booked', behind: [{ outcome: 'booked' }] });
  });

  test('of one that is booked already changes nothing, also by many at once', async () => {
    await handle(unknown(issued(2, 1)), cancelled(2, 2), issued(4, 3));
    await learnType();
    const [first] = await listed();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => replay(first?.id ?? '')));
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['booked', ...Array(5).fill('duplicate')]);
    expect((await books()).transactions).toHaveLength(3);
    await requireBalanced(room.ctx);
  });

  test('beside the consumer of the partition: neither doubles, neither is lost', async () => {
    const poisoned = Array.from({ length: 10 }, (_, n) => unknown(issued(2 * n, n + 1)));
    await handle(...poisoned);
    await learnType();
    const letters = await listed();
    const stream = Array.from({ length: 10 }, (_, n) => cancelled(2 * n, n + 11));
    const consume = async () => {
      for (const event of stream) await handleBatch(room.ctx, batchOf(event));
    };
    await Promise.all([consume(), ...letters.map(({ id }) => replay(id))]);
    for (const { id } of await listed()) await replay(id);
    const { transactions } = await books();
    expect(transactions).toHaveLength(20);
    expect(await listed()).toEqual([]);
    await requireBalanced(room.ctx);
  });

  test('of a message that cannot be read, of another region or with an absurd epoch is refused with what is wrong', async () => {
    await handle('junk', issued(2, 1, { envelope: { region: 'nsk' } }), issued(4, 1, { epoch: 2_000_000 }));
    const outcomes = [];
    for (const { id } of await listed()) outcomes.push((await replay(id)).reason);
    expect(outcomes).toEqual(['unreadable', 'wrong-region', 'unreadable']);
    expect((await books()).transactions).toEqual([]);
  });

  test('of a cancellation whose issue is missing says so, and books it once that is there', async () => {
    await handle(unknown(cancelled(2, 1)));
    await learnType();
    const [letter] = await listed();
    expect(await replay(letter?.id ?? '')).toMatchObject({
      outcome: 'refused',
      reason: 'version-missing',
      detail: 'Of its policy the last version booked is 0: replay the outbox first',
    });
  });

  test('stands in the next open month when its own was closed meanwhile', async () => {
    await handle(issued(4, 1), unknown(issued(2, 2)));
    await learnType();
    await room.admin`insert into settlement.register_closings (insurer, period, status, closed_at, closed_by, findings)
      values ('volga', '2026-11', 'closing', now(), 'test', '{}')`;
    const [letter] = await listed();
    await replay(letter?.id ?? '');
    expect((await books()).lines.map((line) => line['period']).toSorted()).toEqual(['2026-11', '2026-12']);
  });

  test('notes the end of a day that was parked', async () => {
    const day = dayClosed('2026-11-21', 1, []);
    await handle(JSON.stringify(day).replace('control.day-closed', 'unheard.day-closed'));
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update settlement.dead_letters set raw = convert_to(${JSON.stringify(day)}, 'UTF8')`;
    });
    const [letter] = await listed();
    expect(await replay(letter?.id ?? '')).toMatchObject({ outcome: 'booked' });
    expect(await room.ctx.sql`select day from settlement.core_days`).toHaveLength(1);
  });

  test('leaves nothing behind when its last statement fails', async () => {
    await handle(unknown(issued(2, 1)));
    await learnType();
    const [letter] = await listed();
    await room.admin.unsafe(`
      create function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
      create trigger injected before insert on settlement.dead_letter_actions execute function settlement.fail()`);
    expect((await call(`/${letter?.id}/replay`, 'POST')).status).toBe(500);
    await room.admin`drop function settlement.fail cascade`;
    expect((await books()).transactions).toEqual([]);
    expect(await listed()).toHaveLength(1);
  });

  test.each([
    ['/0/replay', 400],
    ['/x/replay', 400],
    ['/999999999/replay', 404],
    ['/999999999', 404],
  ])('%s is %i', async (path, status) => {
    expect((await call(path, path.endsWith('replay') ? 'POST' : 'GET')).status).toBe(status);
  });
});

describe('D9 POST /v1/dead-letters/{id}/dismiss', () => {
  test('gives a letter up, with its audit; what comes of its policy is parked as before, and it can still be replayed', async () => {
    await handle(unknown(issued(2, 1)));
    const [letter] = await listed();
    const answer = await call(`/${letter?.id}/dismiss`, 'POST', { by: 'boris', reason: 'a test of the producer' });
    expect([answer.status, await answer.json()]).toEqual([200, { id: letter?.id, status: 'dismissed' }]);
    expect(await listed()).toEqual([]);
    expect((await history(letter?.id ?? '')).actions).toMatchObject([
      { action: 'dismiss', by: 'boris', reason: 'a test of the producer', outcome: 'dismissed', detail: null },
    ]);
    await handle(cancelled(2, 2));
    expect((await listed()).map(({ reason }) => reason)).toEqual(['behind-dead-letter']);
    await learnType();
    expect(await replay(letter?.id ?? '')).toMatchObject({ outcome: 'booked', behind: [{ outcome: 'booked' }] });
  });

  test('needs a reason, and refuses one whose event is booked', async () => {
    await handle(unknown(issued(2, 1)));
    const [letter] = await listed();
    const bare = await call(`/${letter?.id}/dismiss`, 'POST', {});
    expect(Problem.parse(await bare.json()).errors).toEqual([{ field: 'reason', message: 'is required' }]);
    await learnType();
    await replay(letter?.id ?? '');
    const late = await call(`/${letter?.id}/dismiss`, 'POST', { reason: 'too late' });
    expect([late.status, Problem.parse(await late.json()).type]).toEqual([
      409,
      expect.stringMatching(/dead-letter-booked$/),
    ]);
    expect((await call('/999999999/dismiss', 'POST', { reason: 'x' })).status).toBe(404);
  });
});

describe('D9 the database', () => {
  test('keeps a dead letter as it came and its audit for good, also from its owner', async () => {
    await handle('junk');
    const [letter] = await listed();
    await replay(letter?.id ?? '');
    await expect(room.admin`update settlement.dead_letters set raw = 'x'`).rejects.toThrow('kept as they came');
    for (const table of ['dead_letters', 'dead_letter_actions', 'core_days'])
      await expect(room.admin.unsafe(`delete from settlement.${table}`)).rejects.toThrow('append-only');
    await expect(room.admin`update settlement.dead_letter_actions set by = 'x'`).rejects.toThrow('append-only');
  });

  test('/metrics tells what waits, by reason, and no longer what was replayed or given up', async () => {
    const gauge = () => room.registry.getSingleMetricAsString('settlement_dead_letters');
    await handle(
      'junk',
      unknown(issued(2, 1)),
      cancelled(2, 2),
      issued(6, 3, { eventId: uuidOf('x'), data: { number: '' } }),
    );
    expect(await gauge()).toContain('reason="unreadable"} 1');
    await learnType();
    const letter = (await listed()).find(({ reason }) => reason === 'unknown-type');
    await replay(letter?.id ?? '');
    const text = await gauge();
    expect(text).toContain('reason="invalid-event"} 1');
    expect(text).not.toMatch(/unknown-type|behind-dead-letter/);
  });
});
