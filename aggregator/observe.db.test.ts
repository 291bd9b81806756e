import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestRoom, gate, type TestRoom, tariff } from './aggregator.testing.ts';
import { openLine } from './insurers/open-line.ts';
import { countPolls, observeKnown, observeLines } from './observe.ts';
import { InsurerReplyError } from './protocols/insurer-reply-error.ts';
import { acceptReply } from './tariffs/accept-reply.ts';

let room: TestRoom;
beforeAll(async () => {
  room = await createTestRoom();
});
afterAll(() => room[Symbol.asyncDispose]());

/** The series of a registry, without their buckets. */
const series = async (registry: Registry) =>
  (await registry.metrics())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !/_bucket/.test(line));

test('R14 polls are counted by insurer and outcome, failures by reason, and retries', async () => {
  const registry = new Registry();
  const { observePoll, observeFailure, countRetry } = countPolls(registry, ['volga', 'ural']);
  observePoll({ insurer: 'volga', outcome: 'good', seconds: 0.5 });
  observeFailure({ insurer: 'volga', reason: 'schema' });
  countRetry('volga');
  expect(await series(registry)).toEqual([
    'insurer_polls_total{insurer="volga",outcome="good"} 1',
    'insurer_polls_total{insurer="volga",outcome="quarantined"} 0',
    'insurer_polls_total{insurer="volga",outcome="failed"} 0',
    'insurer_polls_total{insurer="ural",outcome="good"} 0',
    'insurer_polls_total{insurer="ural",outcome="quarantined"} 0',
    'insurer_polls_total{insurer="ural",outcome="failed"} 0',
    'insurer_poll_seconds_sum{insurer="volga"} 0.5',
    'insurer_poll_seconds_count{insurer="volga"} 1',
    'insurer_poll_failures_total{insurer="volga",reason="schema"} 1',
    'insurer_retries_total{insurer="volga"} 1',
    'insurer_retries_total{insurer="ural"} 0',
  ]);
});

test('R14 the state of each guard: its breaker and its compartment', async () => {
  const registry = new Registry();
  const asking = gate();
  const collects = [() => asking.begin().then(() => []), () => Promise.reject(new InsurerReplyError('schema', 'x'))];
  const options = { random: () => 0, onRetry: () => undefined };
  const [busy, broken] = collects.map((collect, index) =>
    openLine({ id: ['volga', 'ural'][index] ?? '', protocol: 'rest', collect }, 'http://insurers.test', options),
  );
  if (!busy || !broken) throw new Error('two lines expected');
  observeLines(registry, [busy, broken]);
  const poll = (line: typeof busy) => line.guard.execute(() => line.insurer.collect({} as never, ''));
  const under = poll(busy);
  await asking.begun;
  for (let polls = 0; polls < 5; polls += 1) await poll(broken).catch(() => undefined);
  expect(await series(registry)).toEqual([
    'insurer_breaker_state{insurer="volga",state="closed"} 1',
    'insurer_breaker_state{insurer="volga",state="half-open"} 0',
    'insurer_breaker_state{insurer="volga",state="open"} 0',
    'insurer_breaker_state{insurer="ural",state="closed"} 0',
    'insurer_breaker_state{insurer="ural",state="half-open"} 0',
    'insurer_breaker_state{insurer="ural",state="open"} 1',
    'insurer_bulkhead_in_use{insurer="volga"} 1',
    'insurer_bulkhead_in_use{insurer="ural"} 0',
  ]);
  asking.release();
  await under;
});

test('D8 every replica tells the age of what is known and whose replies are not believed; without a database, neither', async () => {
  const { ctx } = room.context();
  const at = new Date('2026-11-22T10:00:00.000Z');
  const accept = (insurer: string, rateMinor: number) =>
    ctx.db.transaction((tx) => acceptReply(tx, { insurer, collected: [tariff(rateMinor)], at }));
  await accept('volga', 500_000);
  await accept('ural', 1);
  const registry = new Registry();
  observeKnown(registry, room.context([], { now: () => new Date('2026-11-22T10:20:30.000Z') }).ctx);
  expect(await series(registry)).toEqual([
    'insurer_as_of_age_seconds{insurer="volga"} 1230',
    'insurer_last_poll_ok{insurer="volga"} 1',
    'insurer_last_poll_ok{insurer="ural"} 0',
    `insurer_quarantined{insurer="ural"} ${at.getTime() / 1000}`,
  ]);
  const cut = new Registry();
  const away = room.context().ctx;
  observeKnown(cut, away);
  await away.sql.end();
  expect(await series(cut)).toEqual([]);
});
