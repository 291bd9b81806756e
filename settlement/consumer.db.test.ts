import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { ConfigError } from '#platform/config/parse-env.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import { parseConfig } from './config.ts';
import { startConsumer } from './consumer.ts';
import { startSettlement } from './main.ts';
import { createTestContext, issued, PARTITION, readBooks } from './testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const forever = new AbortController().signal;
const message = (event: ReturnType<typeof issued>) => ({
  partition: event.partition,
  key: event.aggregateId,
  value: JSON.stringify(event),
});
const failures = async (reason: string) => {
  const metric = await room.registry.getSingleMetric('settlement_batch_failures_total')?.get();
  return metric?.values.find((value) => value.labels['reason'] === reason)?.value;
};
const booked = async () => (await readBooks(room.ctx)).transactions.length;

test('S3.2 a gap stops its partition alone, is counted once, and holds up no relay', async () => {
  await using events = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  await using _consumer = await startConsumer(room.ctx, events);
  expect(await failures('gap')).toBe(0);
  await events.publish(POLICIES, [message(issued(2, 2))], forever);
  await events.publish(POLICIES, [message(issued(3, 3))], forever);
  await events.publish(POLICIES, [message(issued(5, 1, { envelope: { partition: PARTITION + 1 } }))], forever);
  expect(await booked()).toBe(1);
  expect(await failures('gap')).toBe(1);
  expect(await failures('error')).toBe(0);
  await events.publish(
    POLICIES,
    [1, 2, 3].map((n) => message(issued(n, n, { epoch: 2 }))),
    forever,
  );
  expect(await booked()).toBe(4);
});

test('S3.2 a fault of the database is no fault of the stream: counted, and the batch is booked when it comes again', async () => {
  const wait = async () => void (await room.admin`drop trigger if exists injected on settlement.positions`);
  await room.admin.unsafe(`
    create function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
    create trigger injected before update on settlement.positions execute function settlement.fail()`);
  await using events = createInProcessTransport({ wait, logError: () => undefined });
  await using _consumer = await startConsumer(room.ctx, events);
  await events.publish(POLICIES, [message(issued(1, 1))], forever);
  expect(await booked()).toBe(1);
  expect(await failures('error')).toBe(1);
});

const env = () => ({
  REGION: 'msk',
  PORT: '0',
  LOG_LEVEL: 'silent',
  DATABASE_URL: room.databaseUrl,
  OPERATOR_TOKEN: 'operator-token-for-tests-only-32chars',
});

test('S3.2 settlement stopped and started again goes on where it was, and books nothing twice', async () => {
  await using events = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  const first = await startSettlement(parseConfig(env()), events);
  await events.publish(POLICIES, [message(issued(1, 1)), message(issued(2, 2))], forever);
  await first[Symbol.asyncDispose]();
  await first.done;
  await using _second = await startSettlement(parseConfig(env()), events);
  await events.publish(POLICIES, [message(issued(2, 2, { epoch: 2 })), message(issued(3, 3, { epoch: 2 }))], forever);
  expect(await booked()).toBe(3);
});

test('startSettlement without a transport says what is missing', async () => {
  const start = startSettlement(parseConfig(env()));
  await expect(start).rejects.toThrow(ConfigError);
  await expect(start).rejects.toThrow('KAFKA_BROKERS is missing');
});
