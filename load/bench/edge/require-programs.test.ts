import { describe, expect, test } from 'vitest';
import { requirePrograms } from './require-programs.ts';

describe.skipIf(process.platform !== 'linux')('requirePrograms', () => {
  test('names the packages of what is not there', async () => {
    await expect(requirePrograms({ path: '/nowhere', processors: 2 })).rejects.toThrow(
      'Programs are missing: apt-get install util-linux wrk nginx-light',
    );
  });

  test('wants a processor for who asks', async () => {
    await expect(requirePrograms({ path: '/nowhere', processors: 1 })).rejects.toThrow('two processors');
  });
});
