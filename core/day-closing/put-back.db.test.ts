import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginLife } from '#platform/postgres/begin-life.testing.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestCore, NOW, type TestCore } from '../core.testing.ts';
import { closeDays } from './close-days.ts';
import { createDays } from './day-closing.testing.ts';

const DAY_MS = 86_400_000;

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
afterAll(() => core[Symbol.asyncDispose]());

test('R2 D9 a core that was put back tells its last days anew, above any revision that is lost, and once', async () => {
  const days = createDays(core);
  core.clock.at = new Date(NOW);
  await days.sell();
  core.advance(DAY_MS);
  await days.sell();
  await closeDays(core.ctx);
  expect(await days.told()).toEqual(['2026-11-22 1']);
  await beginLife(core.adminUrl, 2);
  await using pool = openPostgres({ url: core.databaseUrl, name: 'put back', log: core.ctx.log });
  const putBack = { ...core.ctx, db: pool.db, sql: pool.sql };
  core.advance(DAY_MS);
  for (const _round of [1, 2]) await closeDays(putBack);
  // The second day may have been told before the loss; the first was, and maybe again.
  expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-22 1001', '2026-11-23 1001']);
});
