import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TARIFFS } from '#contracts/topics.ts';
import { observeOutbox } from './observe-outbox.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { readPages } from './read-page.ts';
import { readStatus } from './read-status.ts';

let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

const schema = 'aggregator';
const status = (most?: number) => readStatus(outbox.sql, { schema, topic: TARIFFS, ...(most && { most }) });
const backlogs = async () => (await status()).partitions.map(({ backlog }) => backlog);
const DAY_S = 86_400;

describe('readStatus', () => {
  test('S3.2 tells what waits of each partition and since when, also where no relay has ever been', async () => {
    await outbox.append(outbox.sql, { partition: 1, days: 2 });
    await outbox.append(outbox.sql, { partition: 1 });
    await outbox.append(outbox.sql, { partition: 3, days: 1 });
    const { backlog, oldestAt, partitions } = await status();
    expect([backlog, partitions.map((p) => p.backlog)]).toEqual([3, [0, 2, 0, 1]]);
    expect(partitions[0]).toEqual({ partition: 0, epoch: 0, sequence: 0, backlog: 0, oldestAt: null });
    const ages = [oldestAt, partitions[3]?.oldestAt].map((at) => (Date.now() - Date.parse(at ?? '')) / 1000 / DAY_S);
    expect(ages.map(Math.round)).toEqual([2, 1]);
  });

  test('S3.2 counts the same as the relay reads: late commits, windows under way, what is still open', async () => {
    const late = await outbox.sql.reserve();
    await late`begin`;
    await outbox.append(late);
    for (let n = 0; n < 5; n += 1) await outbox.append(outbox.sql);
    expect(await backlogs()).toEqual([5, 0, 0, 0]);
    let cursor = { partition: 0, epoch: 1, sequence: 0, done: '1:1:', win: null as string | null, lastId: '0' };
    const step = async () => {
      const [page] = await readPages(outbox.sql, [cursor], { schema, region: 'msk', limit: 3 });
      if (page) cursor = page.after;
      const { done, win, lastId, sequence } = cursor;
      await outbox.sql`insert into aggregator.outbox_cursor (partition, epoch, sequence, done, win, last_id)
        values (0, 1, ${sequence}, ${done}::pg_snapshot, ${win}::pg_snapshot, ${lastId})
        on conflict (partition) do update set (sequence, done, win, last_id)
          = (excluded.sequence, excluded.done, excluded.win, excluded.last_id)`;
      return (await backlogs())[0];
    };
    expect(await step()).toBe(2);
    await late`commit`;
    late.release();
    expect(await backlogs()).toEqual([3, 0, 0, 0]);
    expect([await step(), await step(), await step()]).toEqual([1, 0, 0]);
    expect((await status()).partitions[0]).toMatchObject({ epoch: 1, sequence: 6, oldestAt: null });
  });

  test('counts no further than it is told to', async () => {
    for (let n = 0; n < 5; n += 1) await outbox.append(outbox.sql);
    expect((await status(3)).backlog).toBe(3);
  });
});

describe('observeOutbox', () => {
  const observed = (now: { ms: number }) => {
    const registry = new Registry();
    observeOutbox(registry, { sql: outbox.sql, schema, topic: TARIFFS, now: () => now.ms });
    return async () => (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'));
  };

  test('(d) tells the backlog and the age of its first event; counts at most once in five seconds', async () => {
    const clock = { ms: Date.now() };
    const scrape = observed(clock);
    expect(await scrape()).toEqual([
      'outbox_backlog_events{topic="tariffs.v1"} 0',
      'outbox_oldest_age_seconds{topic="tariffs.v1"} 0',
    ]);
    await outbox.append(outbox.sql, { days: 1 });
    clock.ms += 4_999;
    expect((await scrape())[0]).toBe('outbox_backlog_events{topic="tariffs.v1"} 0');
    clock.ms += 1;
    const [backlog, age = ''] = await scrape();
    expect(backlog).toBe('outbox_backlog_events{topic="tariffs.v1"} 1');
    expect(Number(age.split(' ')[1])).toBeGreaterThan(DAY_S - 60);
  });

  test('(d) is absent, not zero and not the last one known, while the database does not answer', async () => {
    const clock = { ms: Date.now() };
    const scrape = observed(clock);
    expect(await scrape()).toHaveLength(2);
    await outbox.sql.end();
    clock.ms += 5_000;
    expect(await scrape()).toEqual([]);
  });
});
