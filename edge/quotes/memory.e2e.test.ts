import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SCRIPT = new URL('./heap-growth.testing.ts', import.meta.url).pathname;
const MEBIBYTE = 1024 * 1024;

/** By how many bytes a process of its own has grown. */
async function growth(of: 'memory' | 'cache'): Promise<{ grownBytes: number; saidBytes?: number }> {
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, SCRIPT, of]);
  return JSON.parse(stdout) as { grownBytes: number; saidBytes?: number };
}

describe('10,000 different quotes of 5 to 10 offers', () => {
  it('take no more of the process than the bound of the memory says, nor much less than it accounts for', async () => {
    const { grownBytes, saidBytes = 0 } = await growth('memory');
    expect(saidBytes).toBeLessThanOrEqual(16 * MEBIBYTE);
    expect(saidBytes).toBeGreaterThan(15 * MEBIBYTE);
    expect(grownBytes / saidBytes).toBeLessThan(1.1);
    expect(grownBytes / saidBytes).toBeGreaterThan(0.7);
  });

  it('each in ten spellings, take 16 MiB for answers and 8 MiB for spellings at most, and a little for the code', async () => {
    const { grownBytes } = await growth('cache');
    expect(grownBytes).toBeLessThan((16 + 8 + 5) * MEBIBYTE);
    expect(grownBytes).toBeGreaterThan(12 * MEBIBYTE);
  });
});
