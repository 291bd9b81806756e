import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { beginLife } from './begin-life.testing.ts';
import { openPostgres } from './open-postgres.ts';
import { storeOf } from './store-of.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';
import { readTimeline } from './timeline.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const log = createLogger({ service: 'test', region: 'msk', level: 'silent' });

test.each(['core', 'settlement', 'aggregator'] as const)(
  'R2 %s may ask in which life its database is: a new one is in its first, and its readings have no name of their own',
  async (role) => {
    await using pool = openPostgres({ url: database.url(role), name: 'test', log });
    const [checkpoint] = await pool.sql`select timeline_id from pg_control_checkpoint()`;
    expect(await readTimeline(pool.db)).toBe(1);
    expect(checkpoint?.['timeline_id']).toBe(1);
    expect(await storeOf(pool.db)).toBeUndefined();
  },
);

test('R2 each later life has a name of its own, under which topics are read from the beginning', async () => {
  for (const timeline of [2, 17]) {
    await beginLife(database.adminUrl, timeline);
    await using pool = openPostgres({ url: database.url('settlement'), name: 'test', log });
    expect(await readTimeline(pool.db)).toBe(timeline);
    expect(await storeOf(pool.db)).toBe(`life-${timeline}`);
  }
});
