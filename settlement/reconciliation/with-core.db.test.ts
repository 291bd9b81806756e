import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventEnvelope } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { readStatus } from '#platform/outbox/read-status.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { replay } from '#platform/outbox/replay.ts';
import { createTestCore, partner, type TestCore } from '../../core/core.testing.ts';
import { closeDays } from '../../core/day-closing/close-days.ts';
import { createDays } from '../../core/day-closing/day-closing.testing.ts';
import { startConsumer } from '../consumer.ts';
import { replayDeadLetter } from '../dead-letters/replay-dead-letter.ts';
import { requireBalanced } from '../intake/handle-twice.testing.ts';
import { closeRegister } from '../registers/close-register.ts';
import { createTestContext } from '../testing.ts';
import { reconcile } from './reconcile.ts';

let core: TestCore;
let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  core = await createTestCore();
  await core.addPartner(partner('alfa'));
  room = await createTestContext();
});
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
});

const of = { schema: 'core', topic: POLICIES };
const read = ({ value }: OutgoingMessage) => JSON.parse(value.toString()) as EventEnvelope;

/** Core's relay and settlement's consumer over a bus on which `meddle` may do what it likes. */
async function start(meddle: (messages: readonly OutgoingMessage[]) => readonly OutgoingMessage[]) {
  const stack = new AsyncDisposableStack();
  const bus = stack.use(createInProcessTransport({ wait, logError: () => undefined }));
  const events: EventTransport = {
    ...bus,
    publish: (topic, messages, signal) => bus.publish(topic, meddle(messages), signal),
  };
  stack.use(await startConsumer(room.ctx, events));
  const moved = { note: () => {} };
  stack.use(
    startRelay({
      open: () => {
        const session = openOutbox(core.ctx.sql, { schema: 'core', region: 'msk' });
        return { ...session, move: (cursors) => session.move(cursors).finally(() => moved.note()) };
      },
      events,
      topic: POLICIES,
      wait: (ms, signal) => wait(Math.min(ms, 5), signal),
      now: () => performance.now(),
      registry: new Registry(),
      logError: () => undefined,
    }),
  );
  const drained = async () => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        moved.note = resolve;
      });
      if ((await readStatus(core.ctx.sql, of)).backlog === 0) return;
      await next;
    }
  };
  return { drained, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('D9 what core sold, cancelled and told of its days agrees to the kopeck; what the bus lost or spoiled is named by policy, and heals', async () => {
  const days = createDays(core);
  const prices = [499_999, 500_001, 499_998, 777_777];
  const sold: string[] = [];
  const sell = async (volga: number) => {
    sold.push((await days.sell({ volga, ural: 500_000, rateBps: 1_234 })).id);
    core.advance(60_000);
  };
  for (const price of prices) await sell(price);
  const spoiled = sold[2] ?? '';
  // In the day's own partition a gap would withhold the day as well.
  const ofDay = partitionOf('msk-day-2026-11-22', POLICIES.partitions);
  while (partitionOf(sold.at(-1) ?? '', POLICIES.partitions) === ofDay) await sell(777_777);
  const lost = sold.at(-1) ?? '';
  const count = sold.length;
  core.advance(20 * 86_400_000);
  await days.cancel(sold[0] ?? '');
  sold.push((await days.sell()).id);
  core.advance(30 * 86_400_000);
  await closeDays(core.ctx);

  const meddle = (messages: readonly OutgoingMessage[]) =>
    messages
      .filter((message) => read(message).aggregateId !== lost)
      .map((message) => {
        const event = read(message);
        return event.aggregateId === spoiled
          ? { ...message, value: JSON.stringify({ ...event, type: 'policy.issued.v9' }) }
          : message;
      });
  room.clock.at = core.clock.at;
  {
    await using bus = await start(meddle);
    await bus.drained();
  }
  const before = await reconcile(room.ctx, '2026-11');
  const missing = before.differences.filter(({ kind }) => kind === 'missing').map(({ policyId }) => policyId);
  expect(missing).toEqual(expect.arrayContaining([lost, spoiled]));
  expect(before.differences.find(({ policyId }) => policyId === spoiled)?.deadLetter).toBe('1');
  const close = () => closeRegister(room.ctx, { insurer: 'volga', period: '2026-11' }, { by: 'test', force: false });
  await expect(close()).rejects.toThrow(/dead letter|is stopped|does not agree/);

  await replay(core.ctx.sql, { ...of, from: 'beginning' });
  {
    await using bus = await start((messages) => messages);
    await bus.drained();
  }
  // The spoiled one was parked under its own id, so what is sent again is known: its letter is made right and replayed.
  await room.admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update settlement.dead_letters set raw = convert_to(replace(convert_from(raw, 'UTF8'), 'issued.v9', 'issued.v1'), 'UTF8')`;
  });
  expect(await replayDeadLetter(room.ctx, { id: '1', by: 'test' })).toMatchObject({ outcome: 'booked' });

  for (const [period, issued, cancelled] of [
    ['2026-11', count, 0],
    ['2026-12', 1, 1],
  ] as const) {
    const { differences, totals } = await reconcile(room.ctx, period);
    expect(differences).toEqual([]);
    expect(totals.core).toMatchObject({ issued, cancelled });
    expect([totals.ledger, totals.register]).toEqual([totals.core, totals.core]);
  }
  await requireBalanced(room.ctx);
  expect((await close()).status).toBe('closed');
}, 60_000);
