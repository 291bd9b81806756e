import { expect, it } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from './in-process.ts';
import { describeTransport } from './transport.conformance.ts';

/** Pauses that take no time: redelivery's backoff is not what these tests are about. */
const wait = async () => {};
const open = async () => createInProcessTransport({ wait, logError: () => undefined });

describeTransport('in-process', open);

const record = { partition: 0, key: 'k', value: 'v' };
const never = new AbortController().signal;

it('resolves a publish only after the group has handled it, so that a crash before leaves it in the outbox', async () => {
  await using events = await open();
  const handled = Promise.withResolvers<void>();
  await using _ = await events.subscribe(POLICIES, 'ins-comp-settlement', () => handled.promise);
  let published = false;
  const publish = events.publish(POLICIES, [record], never).then(() => {
    published = true;
  });
  await Promise.resolve();
  expect(published).toBe(false);
  handled.resolve();
  await publish;
  expect(published).toBe(true);
});

it('a publish that waits for a reader rejects when the transport closes or its signal aborts', async () => {
  const events = await open();
  const stop = new AbortController();
  const byCaller = events.publish(POLICIES, [record], stop.signal);
  stop.abort(new Error('relay stops'));
  await expect(byCaller).rejects.toThrow('relay stops');
  const byClose = events.publish(POLICIES, [record], never);
  await events[Symbol.asyncDispose]();
  await expect(byClose).rejects.toThrow('closed');
});

it('disposing a subscription waits for the batch under way', async () => {
  await using events = await open();
  const handling = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const reader = await events.subscribe(POLICIES, 'ins-comp-settlement', () => {
    entered.resolve();
    return handling.promise;
  });
  const publish = events.publish(POLICIES, [record], never);
  await entered.promise;
  const order: string[] = [];
  const disposed = reader[Symbol.asyncDispose]().then(() => order.push('disposed'));
  order.push('handled');
  handling.resolve();
  await Promise.all([disposed, publish]);
  expect(order).toEqual(['handled', 'disposed']);
});
