import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestCore, type TestCore } from '../core.testing.ts';
import { findPolicy } from './find-policy.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
afterAll(() => core[Symbol.asyncDispose]());

const UUID = '0198f2d4-7c1e-7a5b-9c3d-2e1f0a9b8c7d';

test.each([`msk-${UUID}`, 'junk', '', `abc-${UUID}`, "msk-' or true", 'MSK-0000000100'])(
  'findPolicy does not find "%s"',
  async (id) => {
    await expect(findPolicy(core.ctx, 'alfa', id)).rejects.toMatchObject({ slug: 'not-found' });
  },
);

test("S1 findPolicy refuses another region's policy with wrong-region and its home, and asks no database", async () => {
  await core.ctx.sql.end();
  await expect(findPolicy(core.ctx, 'alfa', `nsk-${UUID}`)).rejects.toMatchObject({
    slug: 'wrong-region',
    extras: { home: 'https://nsk.example' },
  });
});
