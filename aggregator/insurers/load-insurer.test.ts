import { describe, expect, test } from 'vitest';
import { loadInsurer } from './load-insurer.ts';

describe('loadInsurer', () => {
  test('R10 finds an adapter by its file name alone, one for each protocol', async () => {
    const insurers = await Promise.all(['volga', 'ural', 'baikal'].map(loadInsurer));
    expect(insurers.map(({ id, protocol }) => [id, protocol])).toEqual([
      ['volga', 'rest'],
      ['ural', 'soap'],
      ['baikal', 'graphql'],
    ]);
  });

  test.each(['sever', 'insurer', 'load-insurer', 'hundredths'])(
    'refuses %s, naming the adapters there are',
    async (id) => {
      const only =
        /there is no adapter of this name, only (?:[a-z0-9-]+, )*baikal, (?:[a-z0-9-]+, )*ural, (?:[a-z0-9-]+, )*volga/;
      await expect(loadInsurer(id)).rejects.toThrow(only);
      await expect(loadInsurer(id)).rejects.not.toThrow(/only .*\b(insurer|hundredths|osago-tariff)\b/);
    },
  );

  test.each(['', 'a', 'Volga', '../protocols/rest', 'volga.test', 'volga\n', '/etc/passwd', 'file:x', 'x'.repeat(33)])(
    'never touches the disk for %j, which is no id',
    async (id) => {
      await expect(loadInsurer(id)).rejects.toThrow('an id is 2 to 32 lower-case letters, digits and dashes');
    },
  );
});
