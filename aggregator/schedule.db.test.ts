import type { Cron } from 'croner';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { createTestRoom, gate, lineOf, type TestRoom, tariff } from './aggregator.testing.ts';
import type { AggregatorContext } from './context.ts';
import { type Line, openLine } from './insurers/open-line.ts';
import { pollInsurer } from './poll.ts';
import { startSchedule } from './schedule.ts';

/** The jobs that were made, real ones, so that a test can let one be due. */
const jobs = vi.hoisted((): Cron<unknown>[] => []);
vi.mock('croner', async (original) => {
  const croner = await original<typeof import('croner')>();
  return {
    Cron: class extends croner.Cron<unknown> {
      constructor(...args: ConstructorParameters<typeof croner.Cron<unknown>>) {
        super(...args);
        jobs.push(this);
      }
    },
  };
});

let room: TestRoom;
let base: AggregatorContext;
beforeAll(async () => {
  room = await createTestRoom();
  base = room.context().ctx;
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(async () => {
  jobs.length = 0;
  await room.reset();
});

/** Polls that are over, as they come: `next()` waits for one more. */
function outcomes() {
  const over: string[] = [];
  let waiting = () => {};
  return {
    over,
    observePoll: ({ insurer, outcome }: { insurer: string; outcome: string }) => {
      over.push(`${insurer} ${outcome}`);
      waiting();
    },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        waiting = () => over.length >= count && resolve();
        waiting();
      }),
  };
}

const good = (id: string) => lineOf(id, async () => [tariff(500_000)]);
const failing = (id: string) =>
  lineOf(id, async () => {
    throw new Error('broken');
  });
const start = (lines: readonly Line[], changes: Partial<AggregatorContext> = {}) =>
  startSchedule({ ...base, lines, ...changes });

test('S3.1 R14 polls every insurer as soon as it starts, and one that fails or hangs holds up no other', async () => {
  const hanging = gate();
  const slow = lineOf('slow', () => hanging.begin().then(() => [tariff(500_001)]));
  const { over, observePoll, until } = outcomes();
  await using _schedule = start([failing('ural'), slow, good('volga'), good('baikal')], { observePoll });
  await until(3);
  expect(over.toSorted()).toEqual(['baikal good', 'ural failed', 'volga good']);
  hanging.release();
  await until(4);
  expect(over[3]).toBe('slow good');
});

test('R11 what was polled in this slot of 15 minutes is not polled again by the schedule, but by an operator', async () => {
  let asked = 0;
  const line = lineOf('volga', async () => {
    asked += 1;
    return [tariff(500_000)];
  });
  const run = async (now: string) => {
    await using _schedule = start([line], { now: () => new Date(now) });
  };
  await run('2026-11-22T10:01:00.000Z');
  expect(asked).toBe(1);
  await run('2026-11-22T10:14:59.999Z');
  expect(asked).toBe(1);
  await using operator = start([], { now: () => new Date('2026-11-22T10:14:59.999Z') });
  expect(await operator.pollNow(line)).toEqual({ status: 'good', changed: 0 });
  expect(asked).toBe(2);
  await run('2026-11-22T10:15:00.000Z');
  expect(asked).toBe(3);
});

test('R11 of three aggregators one asks each insurer in a slot, well or not; one killed in the middle is replaced in the next', async () => {
  let at = '2026-11-22T10:01:00.000Z';
  const asked = { volga: 0, ural: 0 };
  const lines = [
    lineOf('volga', async () => {
      asked.volga += 1;
      return [tariff(500_000)];
    }),
    lineOf('ural', async () => {
      asked.ural += 1;
      throw new Error('broken');
    }),
  ];
  const three = [room.context(lines), room.context(lines), room.context(lines)];
  const { observePoll, until } = outcomes();
  const schedules = three.map(({ ctx }) => startSchedule({ ...ctx, observePoll, now: () => new Date(at) }));
  await until(2);
  const slot = async (begins: string) => {
    at = begins;
    await Promise.all(jobs.map((job) => job.trigger()));
  };
  await slot('2026-11-22T10:15:15.000Z');
  await slot('2026-11-22T10:30:15.000Z');
  expect(asked).toEqual({ volga: 3, ural: 3 });

  const dying = gate();
  lines[0] = lineOf('volga', () => dying.begin().then(() => [tariff(500_000)]));
  const killed = room.context([lines[0]]).ctx;
  const last = pollInsurer({ ...killed, now: () => new Date('2026-11-22T10:45:01.000Z') }, lines[0], {
    signal: new AbortController().signal,
  });
  await dying.begun;
  await slot('2026-11-22T10:45:15.000Z');
  expect(asked.volga).toBe(3);
  await room.admin`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  await slot('2026-11-22T11:00:15.000Z');
  expect(asked).toEqual({ volga: 4, ural: 5 });
  dying.release();
  await last.catch(() => undefined);
  for (const schedule of schedules) await schedule[Symbol.asyncDispose]();
});

test('two aggregators that start together ask each insurer once', async () => {
  let asked = 0;
  const line = lineOf('volga', async () => {
    asked += 1;
    return [tariff(500_000)];
  });
  const two = room.context([line]).ctx;
  const schedules = [start([line]), startSchedule(two)];
  for (const schedule of schedules) await schedule[Symbol.asyncDispose]();
  expect(asked).toBe(1);
});

test('dispose ends a poll that hangs, whatever the insurer makes of it, and holds nothing against the insurer', async () => {
  const hanging = gate();
  const collect = () => hanging.begin().then(() => [tariff(500_001)]);
  const line = openLine({ id: 'volga', protocol: 'rest', collect }, 'http://insurers.test', {
    random: () => 0,
    onRetry: () => {},
  });
  const schedule = start([line]);
  await hanging.begun;
  await schedule[Symbol.asyncDispose]();
  await schedule.done;
  expect(await room.books()).toEqual({ tariffs: [], polls: [], events: [] });
});

describe('R11 the jobs', () => {
  const AT_10_07 = '2026-11-22T10:07:30.000Z';

  test('are due every 15 minutes, at 0, 15, 30 and 45, one of each insurer, never two of one at once', async () => {
    await using schedule = start([good('volga'), failing('ural')]);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) {
      const due = job.nextRuns(5, AT_10_07).map((at) => at.toISOString().slice(11));
      expect(due).toEqual(['10:15', '10:30', '10:45', '11:00', '11:15'].map((time) => `${time}:00.000Z`));
      expect(job.options).toMatchObject({ protect: true, catch: expect.any(Function) });
    }
    expect(schedule.nextPoll('volga')).toEqual(jobs[0]?.nextRun());
    expect(schedule.nextPoll('yeti')).toBeNull();
  });

  test('poll once a slot after a jitter of up to 30 s; an insurer that keeps failing keeps being asked', async () => {
    let at = AT_10_07;
    const waited: number[] = [];
    const { over, observePoll, until } = outcomes();
    const changes = {
      observePoll,
      now: () => new Date(at),
      random: () => 0.5,
      wait: async (ms: number) => void waited.push(ms),
    };
    await using _schedule = start([good('volga'), failing('ural')], changes);
    await until(2);
    for (const slot of ['10:15', '10:30']) {
      at = `2026-11-22T${slot}:15.000Z`;
      for (const job of jobs) await job.trigger();
    }
    expect(over.toSorted()).toEqual([...Array(3).fill('ural failed'), ...Array(3).fill('volga good')]);
    expect(waited).toEqual([15_000, 15_000, 15_000, 15_000]);
  });

  test('outlive a database that is away for a slot', async () => {
    const { over, observePoll, until } = outcomes();
    const errors: string[] = [];
    const to = { write: (line: string) => errors.push(JSON.parse(line).msg) };
    const log = createLogger({ service: 'test', region: 'msk', level: 'error' }, to);
    let at = AT_10_07;
    await using schedule = start([good('volga')], { observePoll, log, now: () => new Date(at) });
    await until(1);
    await room.admin`alter table aggregator.outbox add constraint broken check (false) not valid`;
    at = '2026-11-22T10:15:00.000Z';
    await jobs[0]?.trigger();
    expect([over, errors]).toEqual([['volga good'], ['poll could not be carried out']]);
    await room.admin`alter table aggregator.outbox drop constraint broken`;
    await jobs[0]?.trigger();
    expect(over).toEqual(['volga good', 'volga good']);
    expect(schedule.nextPoll('volga')).not.toBeNull();
  });

  test('are stopped by dispose; one that is in its jitter polls no more', async () => {
    const { over, observePoll, until } = outcomes();
    const jitter = gate();
    let at = AT_10_07;
    const schedule = start([good('volga')], { observePoll, wait: jitter.begin, now: () => new Date(at) });
    await until(1);
    at = '2026-11-22T10:15:00.000Z';
    const running = jobs[0]?.trigger();
    await jitter.begun;
    const stopped = schedule[Symbol.asyncDispose]();
    jitter.release();
    await Promise.all([running, stopped]);
    expect([over, jobs[0]?.isStopped(), jobs[0]?.nextRun()]).toEqual([['volga good'], true, null]);
  });
});
