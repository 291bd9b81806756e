import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { type RetentionContext, runOnce, startRetention } from './retention.ts';

const DAY_MS = 86_400_000;
let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

/** A retention's surroundings: what it logs, and a wait that ends when the test turns it. */
function surroundings(changes: Partial<RetentionContext> = {}) {
  const logged: string[] = [];
  const errors: unknown[] = [];
  let turn = Promise.withResolvers<void>();
  let rested = Promise.withResolvers<number>();
  const wait: Wait = (ms, signal) => {
    rested.resolve(ms);
    rested = Promise.withResolvers();
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    return Promise.race([turn.promise, stopped]);
  };
  const ctx: RetentionContext = {
    sql: outbox.sql,
    schema: 'aggregator',
    keepMs: DAY_MS,
    wait,
    log: (_, message) => logged.push(message),
    logError: (error) => errors.push(error),
    ...changes,
  };
  const next = () => {
    turn.resolve();
    turn = Promise.withResolvers();
    return rested.promise;
  };
  return { ctx, logged, errors, next, rests: () => rested.promise };
}

/** Old, sent pieces of two millions; the third is under way. */
async function fill(days: number): Promise<void> {
  for (const million of [1, 2]) {
    await outbox.append(outbox.sql, { days });
    await outbox.jumpTo(million);
  }
  await outbox.acknowledge();
}

test('S3.2 one round makes the pieces ahead and drops all that are old and sent, and says so', async () => {
  await fill(3);
  const { ctx, logged } = surroundings();
  expect(await runOnce(ctx)).toEqual({
    made: 2,
    dropped: ['aggregator.outbox_from_0', 'aggregator.outbox_from_1000000'],
  });
  expect(logged).toEqual(['outbox pieces made', 'outbox piece dropped', 'outbox piece dropped']);
  expect(await runOnce(ctx)).toEqual({ made: 0, dropped: [] });
  expect(await outbox.pieces()).toEqual([2, 3, 4]);
});

test('keeps for as long as it is told', async () => {
  await fill(3);
  expect((await runOnce(surroundings({ keepMs: 3.5 * DAY_MS }).ctx)).dropped).toEqual([]);
  expect((await runOnce(surroundings({ keepMs: 2.5 * DAY_MS }).ctx)).dropped).toHaveLength(2);
});

test('three replicas at once drop each piece once, and none fails', async () => {
  await fill(3);
  const rounds = await Promise.all(Array.from({ length: 3 }, () => runOnce(surroundings().ctx)));
  const late = await runOnce(surroundings().ctx);
  const dropped = [...rounds, late].flatMap((round) => round.dropped);
  expect(dropped.toSorted()).toEqual(['aggregator.outbox_from_0', 'aggregator.outbox_from_1000000']);
});

test('a round that fails is told and the next one is made a minute later; a stop ends it at once', async () => {
  await outbox.admin`revoke execute on function aggregator.outbox_retire(interval) from aggregator`;
  const { ctx, errors, next, rests } = surroundings();
  const rested = rests();
  const retention = startRetention(ctx);
  expect([await rested, errors.length]).toEqual([60_000, 1]);
  await outbox.admin`grant execute on function aggregator.outbox_retire(interval) to aggregator`;
  await fill(3);
  await next();
  expect(errors).toHaveLength(1);
  expect(await outbox.pieces()).toEqual([2, 3, 4]);
  await retention[Symbol.asyncDispose]();
  await retention.done;
});
