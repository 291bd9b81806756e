import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventEnvelope } from '#contracts/events.ts';
import { OutboxStatus, ReplayAnswer } from '#contracts/outbox.ts';
import { Policy } from '#contracts/policy.ts';
import { Problem } from '#contracts/problem.ts';
import { Quote } from '#contracts/quote.ts';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { observeOutbox } from '#platform/outbox/observe-outbox.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { createTestCore, HOLDER, partner, query, type TestCore, tariff } from '../core.testing.ts';

let core: TestCore;
beforeEach(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
});
afterEach(() => core[Symbol.asyncDispose]());

const quotePath = `/v1/quotes/osago?${query()}`;
async function sell(): Promise<Policy> {
  const offer = Quote.parse(await (await core.call(quotePath)).json()).offers[0]?.token;
  const body = JSON.stringify({ offer, holder: HOLDER, startsOn: '2026-11-23' });
  const headers = { 'idempotency-key': `key-${randomUUID()}` };
  const answer = await core.call('/v1/policies', { method: 'POST', by: 'alfa', body, headers });
  expect(answer.status).toBe(201);
  return Policy.parse(await answer.json());
}

const operator = (path: string, body?: unknown) =>
  core.app.request(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${core.config.OPERATOR_TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const status = async () => OutboxStatus.parse(await (await operator('/v1/outbox')).json());
const REPLAY = '/v1/outbox/replay';

/** A relay, and the moments when it fails and when it has noted what was acknowledged. */
function relayTo(events: EventTransport, on: { failed?: () => void; moved?: () => void } = {}) {
  return startRelay({
    open: () => {
      const session = openOutbox(core.ctx.sql, { schema: 'core', region: 'msk' });
      return { ...session, move: (cursors) => session.move(cursors).finally(() => on.moved?.()) };
    },
    events,
    topic: POLICIES,
    wait: (ms, signal) => wait(Math.min(ms, 5), signal),
    now: () => performance.now(),
    registry: new Registry(),
    logError: () => on.failed?.(),
  });
}

/** A topic whose reader takes notes. `until` waits for a number of events. */
async function openTopic() {
  const events = createInProcessTransport({ wait, logError: () => undefined });
  const received: EventEnvelope[] = [];
  const wake = { check: () => {} };
  const reader = await events.subscribe(POLICIES, 'ins-comp-settlement', async (batch) => {
    received.push(...batch.messages.map(({ value }) => EventEnvelope.parse(JSON.parse(value))));
    wake.check();
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      wake.check = () => {
        if (received.length >= count) resolve();
      };
      wake.check();
    });
  const close = async () => {
    await reader[Symbol.asyncDispose]();
    await events[Symbol.asyncDispose]();
  };
  return { events, received, until, [Symbol.asyncDispose]: close };
}

test('S3.2 (d) without Kafka policies go on being issued, the backlog and its age are told; back, it is drained in order', async () => {
  await using topic = await openTopic();
  const registry = new Registry();
  observeOutbox(registry, { sql: core.ctx.sql, schema: 'core', topic: POLICIES, now: () => core.clock.at.getTime() });
  const away = { kafka: true };
  const failed = Promise.withResolvers<void>();
  const publish: EventTransport['publish'] = (...args) =>
    away.kafka ? Promise.reject(new Error('no broker answers')) : topic.events.publish(...args);
  await using _relay = relayTo({ ...topic.events, publish }, { failed: failed.resolve });
  const sold: Policy[] = [];
  for (let n = 0; n < 12; n += 1) {
    sold.push(await sell());
    expect((await status()).backlog).toBe(n + 1);
  }
  await failed.promise;
  await core.ctx
    .sql`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    select partition, key, gen_random_uuid(), aggregate_id, 2, type, occurred_at, data from core.outbox order by random()`;
  core.advance(90_000);
  expect(await status()).toMatchObject({ backlog: 24, oldestAgeSeconds: 90 });
  const metrics = await registry.metrics();
  expect(metrics).toContain('outbox_backlog_events{topic="policies.v1"} 24');
  expect(metrics).toContain('outbox_oldest_age_seconds{topic="policies.v1"} 90');

  away.kafka = false;
  await topic.until(24);
  const versions = Map.groupBy(topic.received, (event) => event.aggregateId);
  expect(new Set(versions.keys())).toEqual(new Set(sold.map((policy) => policy.id)));
  for (const events of versions.values()) expect(events.map((event) => event.aggregateVersion)).toEqual([1, 2]);
  for (const events of Map.groupBy(topic.received, (event) => event.partition).values())
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, n) => n + 1));
});

describe('GET /v1/outbox', () => {
  test('S3.2 tells each partition without a relay, and once all is sent that nothing waits', async () => {
    const { id } = await sell();
    const before = await status();
    expect([before.backlog, before.partitions.length]).toEqual([1, POLICIES.partitions]);
    {
      await using topic = await openTopic();
      const moved = Promise.withResolvers<void>();
      await using _relay = relayTo(topic.events, { moved: moved.resolve });
      await moved.promise;
      expect(topic.received[0]?.aggregateId).toBe(id);
    }
    const after = await status();
    expect(after).toMatchObject({ backlog: 0, oldestAgeSeconds: null });
    expect(after.partitions.reduce((sum, { sequence }) => sum + sequence, 0)).toBe(1);
  });

  test("is the operator's alone, as a replay is", async () => {
    for (const [path, method] of [
      ['/v1/outbox', 'GET'],
      [REPLAY, 'POST'],
    ] as const) {
      const answer = await core.app.request(path, { method, headers: { authorization: 'Bearer wrong' } });
      expect([answer.status, Problem.parse(await answer.json()).type]).toEqual([
        401,
        expect.stringMatching(/unauthenticated$/),
      ]);
    }
  });
});

describe('POST /v1/outbox/replay', () => {
  const replay = (body: unknown) => operator(REPLAY, body);

  test('S3.2 sends again what it says, and leaves a warning with the reason and the counts', async () => {
    await sell();
    await using topic = await openTopic();
    const moved = Promise.withResolvers<void>();
    await using _relay = relayTo(topic.events, { moved: moved.resolve });
    await moved.promise;
    const event = topic.received[0];
    const answer = await replay({ from: event?.eventId, reason: 'the topic was made anew' });
    expect(answer.status).toBe(200);
    const partitions = [{ partition: event?.partition, events: 1 }];
    expect(ReplayAnswer.parse(await answer.json())).toEqual({ events: 1, partitions, keptAfter: null });
    await topic.until(2);
    expect(topic.received[1]).toEqual({ ...event, epoch: expect.any(Number) });
    expect(topic.received[1]?.epoch).toBeGreaterThan(event?.epoch ?? 0);
    const line = JSON.parse(core.logged.find((text) => text.includes('outbox replayed')) ?? '{}');
    expect(line).toMatchObject({ level: 'warn', reason: 'the topic was made anew', events: 1, partitions });
  });

  const LIMITS = 'must be "beginning", an instant (RFC 3339, such as 2026-11-22T10:00:00Z) or the id of an event';
  test.each([
    [{ reason: 'r' }, 'from', ''],
    [{ from: 'yesterday', reason: 'r' }, 'from', LIMITS],
    [{ from: '2026-13-01T00:00:00Z', reason: 'r' }, 'from', LIMITS],
    [{ from: '0000-01-01T00:00:00Z', reason: 'r' }, 'from', LIMITS],
    [{ from: '0001-01-01T00:00:00+03:00', reason: 'r' }, 'from', LIMITS],
    [{ from: 'beginning' }, 'reason', ''],
    [{ from: 'beginning', reason: ' ' }, 'reason', ''],
    [{ from: 'beginning', reason: 'x'.repeat(501) }, 'reason', ''],
    [{ from: 'beginning', reason: 'r', partitions: [] }, 'partitions', ''],
    [{ from: 'beginning', reason: 'r', partitions: [1, 1] }, 'partitions', 'must name each partition once'],
    [{ from: 'beginning', reason: 'r', partitions: [12] }, 'partitions.0', '11'],
    [{ from: 'beginning', reason: 'r', partitions: [-1] }, 'partitions.0', '0'],
    [{ from: 'beginning', reason: 'r', more: 1 }, 'more', ''],
  ])('refuses %j, naming the field', async (body, field, message) => {
    const answer = await replay(body);
    expect(answer.status).toBe(400);
    const { errors = [] } = Problem.parse(await answer.json());
    expect(errors).toContainEqual({ field, message: expect.stringContaining(message) });
  });

  test('refuses an event that is not in the outbox with a sentence', async () => {
    const answer = await replay({ from: randomUUID(), reason: 'r' });
    expect(answer.status).toBe(400);
    expect(Problem.parse(await answer.json()).detail).toMatch(/from: no event with the id .* is in the outbox$/);
  });
});
