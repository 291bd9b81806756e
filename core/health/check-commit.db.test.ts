import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestCore, NOW, type TestCore } from '../core.testing.ts';
import { checkCommit } from './check-commit.ts';

let core: TestCore;
beforeEach(async () => {
  core = await createTestCore();
});
afterEach(() => core[Symbol.asyncDispose]());

const rows = async () =>
  (await core.admin`select at from core.heartbeat`).map((row) => new Date(row['at'] as string).toISOString());

test('S1 checkCommit commits one row, the same one each time', async () => {
  await checkCommit(core.ctx);
  expect(await rows()).toEqual([NOW]);
  core.advance(1_000);
  await checkCommit(core.ctx);
  expect(await rows()).toEqual(['2026-11-22T10:00:01.000Z']);
});

test('S1 checkCommit rejects when the database answers but takes no writes', async () => {
  await core.admin`revoke insert, update on core.heartbeat from core`;
  await expect(checkCommit(core.ctx)).rejects.toThrow();
});

test('S1 checkCommit rejects when the database is away', async () => {
  await core.ctx.sql.end();
  await expect(checkCommit(core.ctx)).rejects.toThrow();
});
