import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginLife } from '#platform/postgres/begin-life.testing.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestCore, type TestCore } from '../core.testing.ts';
import { createTakeNumber } from './take-number.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
afterAll(() => core[Symbol.asyncDispose]());

const openReplica = () => openPostgres({ url: core.databaseUrl, name: 'replica', log: core.ctx.log, max: 4 });
const take = (takeNumber: () => Promise<string>, count: number) =>
  Promise.all(Array.from({ length: count }, () => takeNumber()));

describe('takeNumber', () => {
  test('(b) never gives a number twice: two replicas at once, over many blocks, and a restart of both', async () => {
    const given: string[] = [];
    for (const _life of ['first', 'restarted']) {
      await using one = openReplica();
      await using two = openReplica();
      const replicas = [createTakeNumber(one.sql, 'msk'), createTakeNumber(two.sql, 'msk')];
      given.push(...(await Promise.all(replicas.map((takeNumber) => take(takeNumber, 450)))).flat());
    }
    expect(new Set(given).size).toBe(1_800);
    for (const number of given) expect(number).toMatch(/^MSK-\d{10}$/);
  });

  test('S1 carries the region, so that regions that never talk give different numbers', async () => {
    const [number] = await take(createTakeNumber(core.ctx.sql, 'nsk'), 1);
    expect(number).toMatch(/^NSK-\d{10}$/);
  });

  test('asks the database once for a hundred numbers', async () => {
    const blocks = async () =>
      Number((await core.admin`select last_value from core.policy_number_blocks`)[0]?.['last_value']);
    const takeNumber = createTakeNumber(core.ctx.sql, 'msk');
    const before = await blocks();
    await take(takeNumber, 100);
    expect(await blocks()).toBe(before + 1);
    await take(takeNumber, 1);
    expect(await blocks()).toBe(before + 2);
  });

  test('goes on after the database was away, and refuses meanwhile', async () => {
    const takeNumber = createTakeNumber(core.ctx.sql, 'msk');
    await core.admin`revoke usage on sequence core.policy_number_blocks from core`;
    const refused = await Promise.allSettled([takeNumber(), takeNumber(), takeNumber()]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await core.admin`grant usage on sequence core.policy_number_blocks to core`;
    expect(new Set(await take(takeNumber, 250)).size).toBe(250);
  });
});

test('R2 a database that was put back gives no number that it gave before, also to replicas that live on and begin at once', async () => {
  const [saved] = await core.admin`select last_value::int as at from core.policy_number_blocks`;
  await using survivor = openReplica();
  const survives = createTakeNumber(survivor.sql, 'msk');
  const lost = await take(survives, 520);
  await core.admin`select setval('core.policy_number_blocks', ${saved?.['at']})`;
  await beginLife(core.adminUrl, 2);
  await using one = openReplica();
  await using two = openReplica();
  const replicas = [createTakeNumber(one.sql, 'msk'), createTakeNumber(two.sql, 'msk')];
  const given = (await Promise.all(replicas.map((takeNumber) => take(takeNumber, 450)))).flat();
  given.push(...(await take(survives, 50)));
  expect(new Set([...lost, ...given]).size).toBe(520 + 2 * 450 + 50);
  const [numbering] = await core.admin`select timeline, skipped::int as skipped from core.policy_numbering`;
  expect(numbering).toEqual({ timeline: 2, skipped: 100_000 });
});
