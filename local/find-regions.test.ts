import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { findRegions } from './find-regions.ts';

const env = { CORE_URL: 'http://127.0.0.1:4000', OPERATOR_TOKEN: 'x'.repeat(32) };

test('findRegions takes the core at CORE_URL as the region that is named, and knows of no other', async () => {
  const region = { name: 'nsk', url: env.CORE_URL, token: env.OPERATOR_TOKEN };
  expect(await findRegions(['nsk', 'nsk'], env)).toEqual({ regions: [region] });
});

test.each([[[]], [['msk', 'nsk']]])(
  'findRegions refuses CORE_URL with --region %j: another might be meant',
  async (names) => {
    const found = findRegions(names, env);
    await expect(found).rejects.toThrow(ConfigError);
    await expect(found).rejects.toThrow('--region has to say once of which region that core is, such as --region msk');
  },
);
